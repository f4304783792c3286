import { createVolume, voxelCount, wholeRegion } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Volume } from '@hecktor/volume';
import { createEngine } from '../engine.ts';
import type { KernelRunner } from '../kernels/kernel-job.ts';
import { readImage } from '../lazy-image.ts';
import type { Interpolation } from './axis-table.ts';
import { pickNearest, type PickedBox } from './nearest.ts';
import { relateGrids } from './relate-grids.ts';
import { integerLimits, resampledImage } from './resampled-image.ts';

/** Options of {@link resampleVolume}. */
export interface ResampleVolumeOptions {
  /** Name of the image, for errors. */
  readonly name: string;
  readonly interpolation: Interpolation;
  readonly run?: KernelRunner | undefined;
}

/**
 * An image on another grid, as ITK's ResampleImageFilter gives it: 0 beyond the source's voxels,
 * integers clamped and truncated to the last bit, floats rounded to float32.
 *
 * @throws HecktorError IMAGE_NOT_FINITE for NaN or infinity where it matters.
 */
export async function resampleVolume(
  source: Volume<NumericVoxelArray>,
  target: Grid,
  { name, interpolation, run }: ResampleVolumeOptions,
): Promise<Volume<Float32Array>> {
  const limits = integerLimits(source.data);
  const request = { name, source, target, interpolation, outside: 0, limits, likeItk: true };
  return createVolume(target, await readImage(resampledImage(request), createEngine(run)));
}

/** The nearest voxels, halves up, of a mask that is held on a box of its grid; 0 elsewhere. */
export function resampleMask(
  box: Omit<PickedBox, 'imageSize'>,
  grid: Grid,
  target: Grid,
): Volume<Uint8Array> {
  const out = new Uint8Array(voxelCount(target));
  const picked = { ...box, imageSize: grid.size };
  pickNearest(picked, relateGrids(target, grid), wholeRegion(target), out);
  return createVolume(target, out);
}
