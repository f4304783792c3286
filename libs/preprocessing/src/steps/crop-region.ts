import { HecktorError } from '@hecktor/errors';
import { intersect, wholeRegion } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import { cropTo, requireCommonGrid, stepSchema, voxelVector, type Step } from './step.ts';

const schema = stepSchema(
  'crop-region',
  'Cuts a fixed box out of all images; what of it lies outside them is left out.',
  {
    start: voxelVector('First voxel of the box along x, y, z.', 0),
    size: voxelVector('Size of the box in voxels along x, y, z.'),
  },
);

/** Crops all images to a given box. */
export const cropRegionStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, start, size }) {
    const before = requireCommonGrid(images, step);
    const region = intersect({ start: start as Vec3, size: size as Vec3 }, wholeRegion(before));
    if (region === undefined) {
      throw new HecktorError('RECIPE_INVALID', {
        detail: `step "${step}" starts at voxel [${start.join(', ')}] of images with ${before.size.join(' x ')} voxels`,
      });
    }
    return cropTo(images, before, region, step);
  },
};
