import { componentRuns, voxelToWorld } from '@hecktor/volume';
import type { Vec3, Volume } from '@hecktor/volume';
import type { TargetVoxels } from './target-voxels.ts';

/** World centroids, in mm, of the lesions of a mask. */
export type Centroids = readonly Vec3[];

/**
 * The 26-connected components of a mask of 0 and 1 with at least `minVolume` mm3, as the centroids of
 * their voxels.
 */
export function lesionCentroids(mask: Volume<Uint8Array>, minVolume: number): Centroids {
  const { count, starts, ends, labels, voxels } = componentRuns(mask.data, mask.size, 1, 26);
  const [nx, ny] = mask.size;
  const sums = new Float64Array(3 * count);
  for (let run = 0; run < starts.length; run++) {
    const n = ends[run]! - starts[run]!;
    const x = starts[run]! % nx;
    const line = (starts[run]! - x) / nx;
    const at = 3 * (labels[run]! - 1);
    sums[at]! += n * (x + (n - 1) / 2);
    sums[at + 1]! += n * (line % ny);
    sums[at + 2]! += n * Math.floor(line / ny);
  }
  const voxelVolume = mask.spacing[0] * mask.spacing[1] * mask.spacing[2];
  const centroids: Vec3[] = [];
  for (let i = 0; i < count; i++) {
    const n = voxels[i]!;
    // Volumes are products of decimals: one of exactly the limit must not fail by a last bit.
    if (n * voxelVolume < minVolume * (1 - 1e-9)) continue;
    centroids.push(
      voxelToWorld(mask, [sums[3 * i]! / n, sums[3 * i + 1]! / n, sums[3 * i + 2]! / n]),
    );
  }
  return centroids;
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
export function largestDistance(centroids: Centroids): number | undefined {
  if (centroids.length === 0) return undefined;
  let largest = 0;
  centroids.forEach((one, i) => {
    for (const other of centroids.slice(i + 1)) largest = Math.max(largest, distance(one, other));
  });
  return largest;
}

/** Distance of two points. */
export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
