import { isSameGrid, voxelCount } from '@hecktor/volume';
import type { Grid, Vec3, Volume } from '@hecktor/volume';
import { intersect, perAxis, wholeRegion } from '../region.ts';
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
  const { at, size: boxSize, data: labelled, grid } = labels;
  const box = { data: labelled, size: boxSize, at, imageSize: grid.size };
  pickNearest(box, relateGrids(target, source), wholeRegion(target), data);
  return { size, spacing, origin, direction, data };
}
