import { Type } from 'typebox';
import { withOperation } from '../lazy-image.ts';
import { imageName, replaceImage, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'ct-normalization',
  "nnU-Net's CTNormalization: limits values to a range, subtracts the mean and divides by the deviation, in float32. The numbers are those of the training set, in the plans under `foreground_intensity_properties_per_channel`.",
  {
    image: imageName('The image to change.'),
    lower: Type.Number({ description: 'Values below are raised to this: `percentile_00_5`.' }),
    upper: Type.Number({ description: 'Values above are lowered to this: `percentile_99_5`.' }),
    mean: Type.Number({ description: 'What is subtracted.' }),
    std: Type.Number({
      description: 'What is divided by, but at least 1e-8.',
      minimum: 0,
    }),
  },
);

/** Normalises one image by numbers of the training set. */
export const ctNormalizationStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, lower, upper, mean, std }) {
    const clipped = withOperation(requireImage(images, name, step), { kind: 'clip', lower, upper });
    const divide = Math.max(std, 1e-8);
    const image = withOperation(clipped, {
      kind: 'standardise',
      subtract: mean,
      divide,
      nonzero: false,
    });
    return {
      images: replaceImage(images, image),
      record: { kind: 'intensity', step, image: name, found: {} },
    };
  },
};
