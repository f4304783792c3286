import {
  bareGrid,
  copyBox,
  intersect,
  isSameGrid,
  perAxis,
  voxelCount,
  wholeRegion,
} from '@hecktor/volume';
import type { Grid, Vec3, Volume } from '@hecktor/volume';
import { pickNearest } from '../resample/nearest.ts';
import { relateGrids } from '../resample/relate-grids.ts';

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
  const { size, data } = labels;
  return { data, size, at: [0, 0, 0], grid: bareGrid(labels) };
}

/** The labels without those that lie outside the grid: what was padded is no part of the image. */
export function clipToGrid(labels: PlacedLabels): PlacedLabels {
  const { data, size, at, grid } = labels;
  const inside = intersect({ start: at, size }, wholeRegion(grid));
  if (inside === undefined) {
    return { data: new Uint8Array(1), size: [1, 1, 1], at: [0, 0, 0], grid };
  }
  if (inside.size.every((n, a) => n === size[a])) return labels;
  const start = perAxis((a) => inside.start[a] - at[a]);
  const kept = new Uint8Array(voxelCount(inside));
  const clipped = copyBox({ data, size }, { start, size: inside.size }, kept);
  return { data: clipped, size: inside.size, at: inside.start, grid };
}

/**
 * Resamples placed labels onto a grid by nearest neighbour, halves up, 0 outside, exactly as if the
 * box had been pasted into its grid first.
 */
export function resampleLabels(labels: PlacedLabels, target: Grid): Volume<Uint8Array> {
  const data = new Uint8Array(voxelCount(target));
  const source = isSameGrid(labels.grid, target) ? { ...target } : labels.grid;
  const { at, size: boxSize, data: labelled, grid } = labels;
  const box = { data: labelled, size: boxSize, at, imageSize: grid.size };
  pickNearest(box, relateGrids(target, source), wholeRegion(target), data);
  return { ...bareGrid(target), data };
}
