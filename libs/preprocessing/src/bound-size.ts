import { createGrid, gridOfRegion, perAxis } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';
import { createImage } from './lazy-image.ts';
import { orientationOf, reorientedGrid } from './orientation.ts';
import { parseStep } from './parse-step.ts';
import type { StepConfig } from './steps/index.ts';
import { newSize } from './steps/resample-to-spacing.ts';
import { targetGrid } from './steps/resample.ts';
import { resizedGrid } from './steps/resize-area.ts';

/** What a recipe's steps make of images, told from their grids alone. */
export interface BoundSize {
  /** Size that the result cannot exceed: what a crop finds in the images is not known yet. */
  readonly size: Vec3;
  /** Most voxels that an image has on the way from which all of its values are made. */
  readonly largest: number;
  /** Whether every image comes to be held as an array of float32 whatever memory there is. */
  readonly isHeld: boolean;
}

/**
 * Bounds the size of what comes of images before a voxel is worked on.
 *
 * @param grids - Of the images, by name.
 * @throws HecktorError as the steps do where grids cannot be brought together.
 */
export function boundSize(
  grids: Readonly<Record<string, Grid>>,
  steps: readonly StepConfig[],
): BoundSize {
  let current = new Map(Object.entries(grids));
  let largest = 0;
  let isHeld = false;
  for (const config of steps.map(parseStep)) {
    const before = [...current.values()][0]!;
    const after = gridAfter(current, before, config);
    if (after !== undefined) current = new Map([...current.keys()].map((name) => [name, after]));
    if (config.step === 'reset-geometry') {
      current = new Map([...current].map(([name, { size }]) => [name, createGrid(size)]));
    }
    const changes = after !== undefined && !after.size.every((n, a) => n === before.size[a]);
    if (config.step === 'resize-area' || (config.step === 'resample-to-spacing' && changes)) {
      isHeld = true;
    }
    if (config.step === 'reorient' || (config.step === 'z-score' && config.mask !== undefined)) {
      isHeld = true;
    }
    if (WHOLE_STEPS.has(config.step)) largest = Math.max(largest, voxels(before.size));
  }
  const { size } = [...current.values()][0]!;
  return { size, largest: Math.max(largest, voxels(size)), isHeld };
}

/** Steps that make all values of an image. */
const WHOLE_STEPS: ReadonlySet<string> = new Set([
  'z-score',
  'min-max',
  'crop-foreground',
  'crop-nonzero',
  'reorient',
  'resample-to-spacing',
]);

function voxels([x, y, z]: Vec3): number {
  return x * y * z;
}

/** The grid that all images have after a step, as large as it can be; undefined where none changes. */
function gridAfter(
  grids: ReadonlyMap<string, Grid>,
  before: Grid,
  config: StepConfig,
): Grid | undefined {
  switch (config.step) {
    case 'resample':
      return targetGrid(unreadImages(grids), config);
    case 'pad':
      return cut(
        before,
        perAxis((a) => Math.max(before.size[a], config.size[a]!)),
      );
    case 'crop-neck': {
      const [a, b, c] = config.size as Vec3;
      const wanted: Vec3 = config.order === 'zyx' ? [c, b, a] : [a, b, c];
      return cut(
        before,
        perAxis((axis) => Math.min(before.size[axis], wanted[axis])),
      );
    }
    case 'crop-region':
      return cut(
        before,
        perAxis((a) => Math.min(before.size[a], config.size[a]!)),
      );
    case 'resize-area':
      return resizedGrid(before, config.size as Vec3);
    case 'resample-to-spacing':
      return resizedGrid(before, newSize(before, config));
    case 'reorient':
      return reorientedGrid(before, orientationOf(before.direction, config.axcodes));
    default:
      return undefined;
  }
}

function cut(grid: Grid, size: Vec3): Grid {
  return gridOfRegion(grid, { start: [0, 0, 0], size });
}

/** Images that are asked for their grids only. */
function unreadImages(grids: ReadonlyMap<string, Grid>) {
  const read = (): Promise<never> => Promise.reject(new Error('only the grid is known'));
  return new Map([...grids].map(([name, grid]) => [name, createImage(name, { grid, read })]));
}
