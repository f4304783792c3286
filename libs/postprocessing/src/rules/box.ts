import { voxelIndex, type Vec3 } from '@hecktor/volume';

/** Some voxels of an image. */
export interface Box {
  /** Index of its first voxel. */
  readonly low: Vec3;
  readonly size: Vec3;
}

/** Labels, or numbers of components, x fastest. */
interface Labels {
  readonly data: Uint8Array | Uint32Array;
  readonly size: Vec3;
}

/** Visits the voxels of a box, x fastest: where each lies in the image, and which one it is. */
export function eachVoxel(
  { low, size }: Box,
  [nx, ny]: Vec3,
  visit: (at: number, i: number) => void,
): void {
  let i = 0;
  for (let z = low[2]; z < low[2] + size[2]; z++) {
    for (let y = low[1]; y < low[1] + size[1]; y++) {
      const row = nx * (y + ny * z);
      for (let x = low[0]; x < low[0] + size[0]; x++) visit(row + x, i++);
    }
  }
}

/** The box around some labels, with a margin inside the image; undefined without any. */
export function boxOf(
  { data, size }: Labels,
  isInside: (label: number) => boolean,
  margin: Vec3 = [0, 0, 0],
): Box | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0 || !isInside(data[i]!)) continue;
    voxelIndex(size, i).forEach((n, axis) => {
      low[axis] = Math.min(low[axis]!, n);
      high[axis] = Math.max(high[axis]!, n);
    });
  }
  if (high[0] === -Infinity) return undefined;
  const of = (pick: (axis: 0 | 1 | 2) => number): Vec3 => [pick(0), pick(1), pick(2)];
  const from = of((a) => Math.max(low[a]! - margin[a], 0));
  return { low: from, size: of((a) => Math.min(high[a]! + margin[a] + 1, size[a]) - from[a]) };
}
