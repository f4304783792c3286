import { HecktorError } from '@hecktor/errors';
import { Type } from 'typebox';
import { withOperation } from '../lazy-image.ts';
import { imageName, replaceImage, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'scale-intensity',
  'Maps a range of values linearly onto another one, in float32 arithmetic.',
  {
    image: imageName('The image to change.'),
    from: Type.Tuple([Type.Number(), Type.Number()], {
      description: 'Two different values, in the units of the image: HU for CT.',
    }),
    to: Type.Tuple([Type.Number(), Type.Number()], {
      description: 'What these two values become.',
    }),
    clip: Type.Boolean({
      description: 'Whether results are limited to the range "to".',
      default: false,
    }),
  },
);

/** Scales one image's values. */
export const scaleIntensityStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image, from, to, clip }) {
    if (from[0] === from[1]) {
      throw new HecktorError('RECIPE_INVALID', {
        detail: `step "${step}" maps from [${from.join(', ')}], which is not a range`,
      });
    }
    const scaled = withOperation(requireImage(images, image, step), {
      kind: 'scale',
      from,
      to,
      clip,
    });
    return {
      images: replaceImage(images, scaled),
      record: { kind: 'intensity', step, image, found: {} },
    };
  },
};
