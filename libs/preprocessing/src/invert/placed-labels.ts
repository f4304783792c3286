import { isSameGrid, voxelCount } from '@hecktor/volume';
import type { Grid, Vec3, Volume } from '@hecktor/volume';
import { intersect, perAxis, wholeRegion } from '../region.ts';
import { nearest } from '../kernels/oblique-pick-slices.ts';
import { scanLine } from '../kernels/oblique-line.ts';
import { axisTable } from '../resample/axis-table.ts';
import {
  axisIndices,
  relateGrids,
  type AxisOrder,
  type GridRelation,
} from '../resample/relate-grids.ts';

/** Labels of a box in a larger grid; all other labels of the grid are 0. */
export interface PlacedLabels {
  readonly data: Uint8Array;
  readonly size: Vec3;
  /** Voxel of the grid where the box starts; it may lie, and the box may reach, outside the grid. */
  readonly at: Vec3;
  readonly grid: Grid;
}

/** Labels that fill their grid. */
export function placeWhole(labels: Volume<Uint8Array>): PlacedLabels {
  const { size, spacing, origin, direction, data } = labels;
  return { data, size, at: [0, 0, 0], grid: { size, spacing, origin, direction } };
}

/** The labels without those that lie outside the grid: what was padded is no part of the image. */
export function clipToGrid(labels: PlacedLabels): PlacedLabels {
  const { data, size, at, grid } = labels;
  const inside = intersect({ start: at, size }, wholeRegion(grid));
  if (inside === undefined) {
    return { data: new Uint8Array(1), size: [1, 1, 1], at: [0, 0, 0], grid };
  }
  const [nx, ny, nz] = inside.size;
  if (nx === size[0] && ny === size[1] && nz === size[2]) return labels;
  const clipped = new Uint8Array(nx * ny * nz);
  const skip = perAxis((a) => inside.start[a] - at[a]);
  let to = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, to += nx) {
      const from = skip[0] + size[0] * (y + skip[1] + size[1] * (z + skip[2]));
      clipped.set(data.subarray(from, from + nx), to);
    }
  }
  return { data: clipped, size: inside.size, at: inside.start, grid };
}

/**
 * Resamples placed labels onto a grid by nearest neighbour, halves up, 0 outside, exactly as if the
 * box had been pasted into its grid first.
 */
export function resampleLabels(labels: PlacedLabels, target: Grid): Volume<Uint8Array> {
  const { size, spacing, origin, direction } = target;
  const data = new Uint8Array(voxelCount(target));
  const source = isSameGrid(labels.grid, target) ? { ...target } : labels.grid;
  const relation = relateGrids(target, source);
  if (relation.order === null) pickOblique(labels, relation, target, data);
  else pickParallel(labels, { map: relation.map, order: relation.order }, target, data);
  return { size, spacing, origin, direction, data };
}

function pickParallel(
  labels: PlacedLabels,
  relation: { readonly map: GridRelation['map']; readonly order: AxisOrder },
  target: Grid,
  out: Uint8Array,
): void {
  const { data, size, at, grid } = labels;
  const strides = [1, size[0], size[0] * size[1]];
  const [xs, ys, zs] = ([0, 1, 2] as const).map((a) => {
    const along = relation.order[a];
    const indices = axisIndices(relation, a, 0, target.size[a]);
    const table = axisTable(indices, grid.size[along], 'nearest');
    return offsetsInBox(table, size[along], at[along], strides[along]!);
  }) as [Int32Array, Int32Array, Int32Array];
  const x0 = xs.findIndex((offset) => offset >= 0);
  if (x0 < 0) return;
  let x1 = target.size[0];
  while (xs[x1 - 1]! < 0) x1--;
  for (let z = 0; z < target.size[2]; z++) {
    if (zs[z]! < 0) continue;
    for (let y = 0; y < target.size[1]; y++) {
      if (ys[y]! < 0) continue;
      const row = target.size[0] * (y + target.size[1] * z);
      const from = zs[z]! + ys[y]!;
      for (let x = x0; x < x1; x++) out[row + x] = data[from + xs[x]!]!;
    }
  }
}

/** For each output position the offset of its voxel in the box, or -1 where there is none. */
function offsetsInBox(
  table: { from: number; to: number; base: Int32Array },
  size: number,
  at: number,
  stride: number,
): Int32Array {
  const offsets = new Int32Array(table.base.length).fill(-1);
  for (let i = table.from; i < table.to; i++) {
    const voxel = table.base[i]! - at;
    if (voxel >= 0 && voxel < size) offsets[i] = voxel * stride;
  }
  return offsets;
}

function pickOblique(
  labels: PlacedLabels,
  { map }: GridRelation,
  target: Grid,
  out: Uint8Array,
): void {
  const { data, size, at, grid } = labels;
  let to = 0;
  for (let z = 0; z < target.size[2]; z++) {
    for (let y = 0; y < target.size[1]; y++) {
      const { start, way } = scanLine(map, y, z);
      for (let x = 0; x < target.size[0]; x++, to++) {
        const alpha = x / map.lineLength;
        const i = nearest(start[0] + alpha * way[0], grid.size[0]);
        const j = nearest(start[1] + alpha * way[1], grid.size[1]);
        const k = nearest(start[2] + alpha * way[2], grid.size[2]);
        if (i < 0 || j < 0 || k < 0) continue;
        const u = i - at[0];
        const v = j - at[1];
        const w = k - at[2];
        if (u < 0 || v < 0 || w < 0 || u >= size[0] || v >= size[1] || w >= size[2]) continue;
        out[to] = data[u + size[0] * (v + size[1] * w)]!;
      }
    }
  }
}
