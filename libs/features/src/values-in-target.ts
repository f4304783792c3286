import { HecktorError } from '@hecktor/errors';
import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { indexMap } from './index-map.ts';
import { linearValue } from './linear-value.ts';
import type { TargetVoxels } from './target-voxels.ts';

/**
 * The values of an image at the voxel centres of a target, by trilinear interpolation; NaN where the
 * image does not reach.
 *
 * The image comes to the mask and not the other way round: a mask of 1 mm picked on PET voxels of
 * 4 mm loses small nodes and moves every surface, while an interpolated image keeps both.
 *
 * @throws HecktorError IMAGE_NOT_FINITE when the image holds NaN or infinity there.
 */
export function valuesInTarget(
  { mask, indices }: TargetVoxels,
  image: Volume<NumericVoxelArray>,
  name: string,
): Float64Array {
  const map = indexMap(mask, image);
  const index = new Float64Array(3);
  const values = new Float64Array(indices.length / 3);
  for (let i = 0; i < values.length; i++) {
    map(indices.subarray(3 * i, 3 * i + 3) as unknown as Vec3, index);
    const value = linearValue(image, index);
    if (value !== undefined && !Number.isFinite(value)) {
      throw new HecktorError('IMAGE_NOT_FINITE', {
        detail: `the image "${name}" holds NaN or infinite values inside the tumour`,
      });
    }
    values[i] = value ?? NaN;
  }
  return values;
}
