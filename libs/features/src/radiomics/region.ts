import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';

/** A mask of 0 and 1 on the smallest box around its voxels, x fastest. */
export interface BoxMask {
  /** The box's first voxel on the grid that the mask belongs to. */
  readonly start: Vec3;
  readonly size: Vec3;
  readonly data: Uint8Array;
  /** Voxels inside. */
  readonly count: number;
}

/** An image's values inside a mask. */
export interface RegionValues {
  /** Size of the mask's box. */
  readonly box: Vec3;
  readonly mask: Uint8Array;
  /** Of the voxels inside, in scan order. */
  readonly values: Float64Array;
  readonly spacing: Vec3;
  /** Whether PyRadiomics holds them in float32, which decides how it rounds limits. */
  readonly single: boolean;
}

/** The mask on its smallest box; undefined when it holds no voxel. */
export function boxMask(
  data: Uint8Array,
  size: Vec3,
  start: Vec3 = [0, 0, 0],
): BoxMask | undefined {
  const low = [...size];
  const high = [-1, -1, -1];
  let count = 0;
  for (let z = 0, from = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++, from += size[0]) {
      const row = data.subarray(from, from + size[0]);
      const first = row.indexOf(1);
      if (first === -1) continue;
      const last = row.lastIndexOf(1);
      for (let x = first; x <= last; x++) count += row[x]!;
      [first, y, z].forEach((n, axis) => (low[axis] = Math.min(low[axis]!, n)));
      [last, y, z].forEach((n, axis) => (high[axis] = Math.max(high[axis]!, n)));
    }
  }
  if (count === 0) return undefined;
  const box: Vec3 = [high[0]! - low[0]! + 1, high[1]! - low[1]! + 1, high[2]! - low[2]! + 1];
  const from: Vec3 = [low[0]!, low[1]!, low[2]!];
  return {
    start: [start[0] + from[0], start[1] + from[1], start[2] + from[2]],
    size: box,
    data: cutBox({ data, size }, from, box, new Uint8Array(box[0] * box[1] * box[2])),
    count,
  };
}

/** Copies a box of an image to `out`. */
export function cutBox<T extends NumericVoxelArray>(
  { data, size }: Pick<Volume<NumericVoxelArray>, 'data' | 'size'>,
  start: Vec3,
  box: Vec3,
  out: T,
): T {
  for (let z = 0, to = 0; z < box[2]; z++) {
    for (let y = 0; y < box[1]; y++, to += box[0]) {
      const from = start[0] + size[0] * (start[1] + y + size[1] * (start[2] + z));
      out.set(data.subarray(from, from + box[0]), to);
    }
  }
  return out;
}

/** The values on a mask's box that lie inside the mask. */
export function valuesInside(values: Float64Array, { data, count }: BoxMask): Float64Array {
  const inside = new Float64Array(count);
  let to = 0;
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) inside[to++] = values[at]!;
  return inside;
}
