import {
  componentCentroids,
  componentRuns,
  voxelToWorld,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { TargetVoxels } from './targets.ts';

/**
 * The 26-connected components of a mask of 0 and 1 with at least `minVolume` mm3, as the centroids of
 * their voxels in the world.
 */
export function lesionCentroids(mask: Volume<Uint8Array>, minVolume: number): Vec3[] {
  const runs = componentRuns(mask.data, mask.size, 1, 26);
  const voxelVolume = mask.spacing[0] * mask.spacing[1] * mask.spacing[2];
  // Volumes are products of decimals: one of exactly the limit must not fail by a last bit.
  const least = minVolume * (1 - 1e-9);
  return componentCentroids(runs, mask.size)
    .filter((_, i) => runs.voxels[i]! * voxelVolume >= least)
    .map((centroid) => voxelToWorld(mask, centroid));
}

/** The world centroid of all voxels of a target, however many components it has. */
export function centroid({ mask, indices }: TargetVoxels): Vec3 {
  const mean: [number, number, number] = [0, 0, 0];
  const count = indices.length / 3;
  for (let i = 0; i < indices.length; i += 3) {
    for (const a of [0, 1, 2] as const) mean[a] += indices[i + a]! / count;
  }
  return voxelToWorld(mask, mean);
}

/** The distance in mm between the two centroids farthest apart; 0 for one, undefined for none. */
export function largestDistance(centroids: readonly Vec3[]): number | undefined {
  if (centroids.length === 0) return undefined;
  let largest = 0;
  centroids.forEach((one, i) => {
    for (const other of centroids.slice(i + 1)) largest = Math.max(largest, distance(one, other));
  });
  return largest;
}

export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/**
 * The smallest distance in mm between voxel centres of two targets on the same box, or undefined
 * when one of them has none. Targets that touch are one voxel apart.
 *
 * Only voxels with a face to the outside can be nearest; of these those of one target are kept
 * sorted along z, and looked through from the slice at hand until slices are too far away.
 */
export function nearestDistance(one: TargetVoxels, other: TargetVoxels): number | undefined {
  const a = surfacePoints(one);
  const b = surfacePoints(other);
  if (a.length === 0 || b.length === 0) return undefined;
  let best = Infinity;
  for (let i = 0; i < a.length; i += 3) {
    const start = firstAbove(b, a[i + 2]!);
    best = nearest(a.subarray(i, i + 3), b, start, best);
  }
  return Math.sqrt(best);
}

/** Positions in mm within the box, sorted along z as voxels are. */
function surfacePoints({ mask, indices }: TargetVoxels): Float64Array {
  const { data, size, spacing } = mask;
  const strides = [1, size[0], size[0] * size[1]];
  const points = new Float64Array(indices.length);
  let count = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const index = indices.subarray(i, i + 3);
    const at = index[0]! + index[1]! * strides[1]! + index[2]! * strides[2]!;
    const onSurface = strides.some((stride, axis) => {
      const n = size[axis as 0 | 1 | 2];
      const before = index[axis]! > 0 ? data[at - stride] : 0;
      const after = index[axis]! < n - 1 ? data[at + stride] : 0;
      return before === 0 || after === 0;
    });
    if (!onSurface) continue;
    for (let axis = 0; axis < 3; axis++) {
      points[count++] = index[axis]! * spacing[axis as 0 | 1 | 2];
    }
  }
  return points.subarray(0, count);
}

/** Offset of the first point whose z is at least `z`. */
function firstAbove(points: Float64Array, z: number): number {
  let low = 0;
  let high = points.length / 3;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[3 * middle + 2]! < z) low = middle + 1;
    else high = middle;
  }
  return 3 * low;
}

/** The smaller of `best` and the squared distance to the nearest point, looking both ways. */
function nearest(from: Float64Array, points: Float64Array, start: number, best: number): number {
  let found = best;
  for (const way of [3, -3]) {
    for (let j = way > 0 ? start : start - 3; j >= 0 && j < points.length; j += way) {
      const dz = points[j + 2]! - from[2]!;
      if (dz * dz >= found) break;
      const dx = points[j]! - from[0]!;
      const dy = points[j + 1]! - from[1]!;
      found = Math.min(found, dx * dx + dy * dy + dz * dz);
    }
  }
  return found;
}
