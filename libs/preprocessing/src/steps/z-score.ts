import { Type } from 'typebox';
import { momentsOf } from '../statistics.ts';
import { ownImage } from '../lazy-image.ts';
import { applyPointOperationsInPlace } from '../kernels/point-operation.ts';
import { imageName, replaceImage, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'z-score',
  'Subtracts the mean of an image and divides by its (population) standard deviation; a deviation of 0 counts as 1.',
  {
    image: imageName('The image to change.'),
    nonzero: Type.Boolean({
      description:
        'Whether voxels that are exactly 0 are left out of mean and deviation and stay 0.',
      default: false,
    }),
  },
);

/** Standardises one image. */
export const zScoreStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, nonzero }, engine) {
    const { data, image } = await ownImage(requireImage(images, name, step), engine);
    const { count, mean, squares } = await momentsOf(image, { nonzero }, engine);
    const deviation = Math.fround(Math.sqrt(count === 0 ? 0 : squares / count));
    const divide = deviation === 0 ? 1 : deviation;
    const operation = { kind: 'standardise', subtract: mean, divide, nonzero } as const;
    applyPointOperationsInPlace(data, [operation]);
    return {
      images: replaceImage(images, image),
      record: { kind: 'intensity', step, image: name, found: { count, mean, deviation } },
    };
  },
};
