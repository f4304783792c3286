import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGrid, emptyVolume } from '@hecktor/volume';
import type { Grid, Volume } from '@hecktor/volume';

/** Voxels along each axis. */
const SIDE = 128;

/** A planning case that is stored as lists of voxels. */
export interface SparseDoseCase {
  readonly grid: Grid;
  /** In Gy. */
  readonly dose: Volume<Float32Array>;
  /** The mask of a structure, for instance `PTV70`: 1 inside. */
  structure(name: string): Volume<Uint8Array>;
}

/**
 * Reads a case of `hn-dose`: `dose.csv` with a voxel number and a value in each line, one file of
 * voxel numbers per structure, and `voxel_dimensions.csv`. Voxel numbers count a 128 x 128 x 128
 * array whose first axis is y, second x and last, fastest, z; here x is fastest as everywhere else.
 */
export function readSparseDoseCase(folder: string): SparseDoseCase {
  const numbers = readFileSync(join(folder, 'voxel_dimensions.csv'), 'utf8').trim().split(/\s+/);
  const [x, y, z] = numbers.map(Number) as [number, number, number];
  const grid = createGrid([SIDE, SIDE, SIDE], { spacing: [x, y, z] });
  const dose = emptyVolume(grid, 'float32');
  for (const [voxel, value] of rows(folder, 'dose')) dose.data[positionOf(voxel)] = value;
  return {
    grid,
    dose,
    structure(name) {
      const mask = emptyVolume(grid, 'uint8');
      for (const [voxel] of rows(folder, name)) mask.data[positionOf(voxel)] = 1;
      return mask;
    },
  };
}

function rows(folder: string, name: string): [number, number][] {
  const [, ...lines] = readFileSync(join(folder, `${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  return lines.map((line) => line.split(',').map(Number) as [number, number]);
}

function positionOf(voxel: number): number {
  const z = voxel % SIDE;
  const x = Math.floor(voxel / SIDE) % SIDE;
  const y = Math.floor(voxel / (SIDE * SIDE));
  return x + SIDE * (y + SIDE * z);
}
