import { roundHalfUp } from '../kernels/weights.ts';
import { throwNotFinite } from '../lazy-image.ts';
import { axisTable } from './axis-table.ts';
import { axisIndices, scanLine, type GridRelation } from './relate-grids.ts';
import type { NumericVoxelArray, Region, Vec3, Volume } from '@hecktor/volume';

/** What to pick from: a box of voxels in a larger image, outside of which nothing is picked. */
export interface PickedBox {
  readonly data: NumericVoxelArray;
  /** Size of the box, and the voxel of the image where it starts. */
  readonly size: Vec3;
  readonly at: Vec3;
  readonly imageSize: Vec3;
}

/** Picks the nearest voxels, halves up, as ITK does; voxels outside the source are left alone. */
export function resampleNearest(
  { source, name }: { readonly source: Volume<NumericVoxelArray>; readonly name: string },
  relation: GridRelation,
  region: Region,
  out: Float32Array,
): void {
  const { data, size } = source;
  pickNearest({ data, size, at: [0, 0, 0], imageSize: size }, relation, region, out);
  if (!out.every(Number.isFinite)) throwNotFinite(name);
}

/** Writes to `out`, which holds a region of the output grid, the voxels that lie in the box. */
export function pickNearest(
  box: PickedBox,
  relation: GridRelation,
  region: Region,
  out: NumericVoxelArray,
): void {
  if (relation.order === null) pickOblique(box, relation, region, out);
  else pickParallel(box, relation, region, out);
}

function pickParallel(
  { data, size, at, imageSize }: PickedBox,
  { map, order }: GridRelation,
  region: Region,
  out: NumericVoxelArray,
): void {
  const strides = [1, size[0], size[0] * size[1]];
  const [xs, ys, zs] = ([0, 1, 2] as const).map((a) => {
    const along = order![a];
    const indices = axisIndices({ map, order: order! }, a, region.start[a], region.size[a]);
    const { from, to, base } = axisTable(indices, imageSize[along], 'nearest');
    // The offset of each position's voxel in the box, or -1 where there is none.
    return base.map((index, i) => {
      const voxel = index - at[along];
      const inBox = i >= from && i < to && voxel >= 0 && voxel < size[along];
      return inBox ? voxel * strides[along]! : -1;
    });
  }) as [Int32Array, Int32Array, Int32Array];
  const x0 = xs.findIndex((offset) => offset >= 0);
  const x1 = xs.findLastIndex((offset) => offset >= 0) + 1;
  const [width, height, depth] = region.size;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height && zs[z]! >= 0; y++) {
      if (ys[y]! < 0 || x0 < 0) continue;
      const row = width * (y + height * z);
      const from = zs[z]! + ys[y]!;
      for (let x = x0; x < x1; x++) out[row + x] = data[from + xs[x]!]!;
    }
  }
}

function pickOblique(
  { data, size, at, imageSize }: PickedBox,
  { map }: GridRelation,
  region: Region,
  out: NumericVoxelArray,
): void {
  const [x0, y0, z0] = region.start;
  const [width, height, depth] = region.size;
  let to = 0;
  for (let z = z0; z < z0 + depth; z++) {
    for (let y = y0; y < y0 + height; y++) {
      const { start, way } = scanLine(map, y, z);
      for (let x = x0; x < x0 + width; x++, to++) {
        const alpha = x / map.lineLength;
        const i = nearest(start[0] + alpha * way[0], imageSize[0]) - at[0];
        const j = nearest(start[1] + alpha * way[1], imageSize[1]) - at[1];
        const k = nearest(start[2] + alpha * way[2], imageSize[2]) - at[2];
        // Outside the image NaN fails every comparison.
        if (!(i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2])) continue;
        out[to] = data[i + size[0] * (j + size[1] * k)]!;
      }
    }
  }
}

/** The nearest voxel along one axis, or NaN outside the image. */
function nearest(index: number, length: number): number {
  return index >= -0.5 && index < length - 0.5 ? Math.min(roundHalfUp(index), length - 1) : NaN;
}
