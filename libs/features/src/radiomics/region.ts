import { boxOf, copyBox, intersect, perAxis, voxelCount } from '@hecktor/volume';
import type { Region, Vec3 } from '@hecktor/volume';

/** A mask of 0 and 1 on the smallest box around its voxels, a region of the mask's grid; x fastest. */
export interface BoxMask extends Region {
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
  const box = boxOf(size, data);
  if (box === undefined) return undefined;
  const cut = copyBox({ data, size }, box, new Uint8Array(voxelCount(box)));
  return {
    start: perAxis((a) => start[a] + box.start[a]),
    size: box.size,
    data: cut,
    count: cut.reduce((sum, inside) => sum + inside, 0),
  };
}

/** The box and a margin around it, as far as an extent reaches that shares voxels with it. */
export function around({ start, size }: Region, extent: Region, margin: Vec3): Region {
  const grown = {
    start: perAxis((a) => start[a] - margin[a]),
    size: perAxis((a) => size[a] + 2 * margin[a]),
  };
  return intersect(grown, extent)!;
}

/** Values of a box, which may reach beyond the image. */
export interface Tile extends Region {
  readonly data: Float64Array | Float32Array;
}

/** The part of a tile that lies in a box within it. */
export function partOf(tile: Tile, { start, size }: Region): Float64Array {
  const within = { start: perAxis((a) => start[a] - tile.start[a]), size };
  return copyBox(tile, within, new Float64Array(voxelCount(within)));
}

/** The values on a mask's box that lie inside the mask. */
export function valuesInside(values: Float64Array, { data, count }: BoxMask): Float64Array {
  const inside = new Float64Array(count);
  let to = 0;
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) inside[to++] = values[at]!;
  return inside;
}
