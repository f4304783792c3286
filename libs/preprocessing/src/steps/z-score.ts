import { Type } from 'typebox';
import type { NumericVoxelArray } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { momentsOf, momentsWithin } from '../statistics.ts';
import { ownImage, readImage, wholeArray } from '../lazy-image.ts';
import { applyPointOperationsInPlace } from '../kernels/point-operation.ts';
import {
  imageName,
  replaceImage,
  requireCommonGrid,
  requireImage,
  stepSchema,
  type LazyImages,
  type Step,
} from './step.ts';

/** nnU-Net divides by no less. */
const LEAST_DEVIATION = 1e-8;

const schema = stepSchema(
  'z-score',
  'Subtracts the mean of an image and divides by its (population) standard deviation, but by at least 1e-8: a constant image becomes 0.',
  {
    image: imageName('The image to change.'),
    nonzero: Type.Boolean({
      description:
        'Whether voxels that are exactly 0 are left out of mean and deviation and stay 0.',
      default: false,
    }),
    mask: Type.Optional(
      imageName(
        'An image: voxels where it is 0 are left out of mean and deviation and stay as they are, instead of those that "nonzero" leaves out. nnU-Net\'s ZScoreNormalization with `use_mask_for_norm` takes the mask of "crop-nonzero".',
      ),
    ),
  },
);

/** Standardises one image. */
export const zScoreStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, nonzero, mask }, engine) {
    const { data, image } = await ownImage(requireImage(images, name, step), engine);
    const inside = mask === undefined ? undefined : await maskOf(mask, images, step, engine);
    const { count, mean, squares } =
      inside === undefined
        ? await momentsOf(image, { nonzero }, engine)
        : momentsWithin(data, inside);
    const deviation = Math.fround(Math.sqrt(count === 0 ? 0 : squares / count));
    const divide = Math.max(deviation, LEAST_DEVIATION);
    if (inside !== undefined) standardiseWithin(data, inside, mean, divide);
    else {
      applyPointOperationsInPlace(data, [{ kind: 'standardise', subtract: mean, divide, nonzero }]);
    }
    return {
      images: replaceImage(images, image),
      record: { kind: 'intensity', step, image: name, found: { count, mean, deviation } },
    };
  },
};

async function maskOf(
  name: string,
  images: LazyImages,
  step: string,
  engine: Engine,
): Promise<NumericVoxelArray> {
  requireCommonGrid(images, step);
  const image = requireImage(images, name, step);
  return wholeArray(image) ?? (await readImage(image, engine));
}

/** In float32, as point operations are. */
function standardiseWithin(
  data: Float32Array,
  inside: NumericVoxelArray,
  mean: number,
  deviation: number,
): void {
  const subtract = Math.fround(mean);
  const divide = Math.fround(deviation);
  for (let i = 0; i < data.length; i++) {
    if (inside[i] !== 0) data[i] = Math.fround(data[i]! - subtract) / divide;
  }
}
