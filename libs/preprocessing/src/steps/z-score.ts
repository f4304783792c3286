import { Type } from 'typebox';
import type { Engine } from '../engine.ts';
import { arrayImage, loadImage, readImage, wholeArray, withOperation } from '../lazy-image.ts';
import { momentsOf, momentsWithin, type Moments } from '../statistics.ts';
import {
  imageName,
  replaceImage,
  requireCommonGrid,
  requireImage,
  stepSchema,
  type LazyImages,
  type Step,
  type StepResult,
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
    if (mask !== undefined) return standardiseWithin(mask, images, { step, name }, engine);
    const image = await loadImage(requireImage(images, name, step), engine);
    const moments = await momentsOf(image, { nonzero }, engine);
    const { subtract, divide, found } = scaleOf(moments);
    const operation = { kind: 'standardise', subtract, divide, nonzero } as const;
    return {
      images: replaceImage(images, withOperation(image, operation)),
      record: { kind: 'intensity', step, image: name, found },
    };
  },
};

async function standardiseWithin(
  mask: string,
  images: LazyImages,
  { step, name }: { readonly step: string; readonly name: string },
  engine: Engine,
): Promise<StepResult> {
  const grid = requireCommonGrid(images, step);
  const within = requireImage(images, mask, step);
  const inside = wholeArray(within) ?? (await readImage(within, engine));
  const data = await readImage(requireImage(images, name, step), engine);
  const { subtract, divide, found } = scaleOf(momentsWithin(data, inside));
  for (let i = 0; i < data.length; i++) {
    if (inside[i] !== 0) data[i] = Math.fround(data[i]! - subtract) / divide;
  }
  return {
    images: replaceImage(images, arrayImage(name, { ...grid, data })),
    record: { kind: 'intensity', step, image: name, found },
  };
}

function scaleOf({ count, mean, squares }: Moments) {
  const deviation = Math.fround(Math.sqrt(count === 0 ? 0 : squares / count));
  const divide = Math.fround(Math.max(deviation, LEAST_DEVIATION));
  return { subtract: Math.fround(mean), divide, found: { count, mean, deviation } };
}
