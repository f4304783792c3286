import { Type } from 'typebox';
import { rangeOf } from '../statistics.ts';
import { ownImage, staysLazy, withOperation } from '../lazy-image.ts';
import { applyPointOperationsInPlace } from '../kernels/point-operation.ts';
import { imageName, replaceImage, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'min-max',
  'Maps values to (v - min) / (max - min + epsilon), with min and max of the image itself. A constant image becomes 0.',
  {
    image: imageName('The image to change.'),
    epsilon: Type.Number({ description: 'Added to the range.', minimum: 0, default: 0 }),
  },
);

/** Scales one image by its own range. */
export const minMaxStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, epsilon }, engine) {
    const given = requireImage(images, name, step);
    const own = staysLazy(given, engine) ? undefined : await ownImage(given, engine);
    const { low, high } = await rangeOf(own?.image ?? given, engine);
    const range = Math.fround(Math.fround(high - low) + epsilon);
    const divide = range === 0 ? 1 : range;
    const operation = { kind: 'standardise', subtract: low, divide, nonzero: false } as const;
    if (own !== undefined) applyPointOperationsInPlace(own.data, [operation]);
    return {
      images: replaceImage(images, own?.image ?? withOperation(given, operation)),
      record: { kind: 'intensity', step, image: name, found: { low, high } },
    };
  },
};
