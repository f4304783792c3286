import { Type } from 'typebox';
import type { Static } from 'typebox';
import { settle, withOperation } from '../images/image-view.ts';
import { combineMoments } from '../statistics.ts';
import { imageName, stepSchema } from './schema-parts.ts';
import { settlePadding } from './settle-padding.ts';
import { replaceView, requireView, type Step } from './step.ts';

export const Z_SCORE_SCHEMA = stepSchema(
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

export type ZScoreConfig = Static<typeof Z_SCORE_SCHEMA>;

/** Standardises one image. */
export const zScoreStep: Step<ZScoreConfig> = {
  schema: Z_SCORE_SCHEMA,
  async apply(views, { step, image, nonzero }, engine) {
    const view = await settlePadding(requireView(views, image, step), engine);
    const slots = engine.float64(3 * view.window.size[2]);
    const settled = await settle(view, engine, [{ kind: 'moments', nonzero, slots }]);
    const { count, mean, squares } = combineMoments(slots, image);
    const deviation = Math.fround(Math.sqrt(count === 0 ? 0 : squares / count));
    const divide = deviation === 0 ? 1 : deviation;
    const operation = { kind: 'standardise', subtract: mean, divide, nonzero } as const;
    return {
      views: replaceView(views, await withOperation(settled, operation, engine)),
      record: { kind: 'intensity', step, image, found: { count, mean, deviation } },
    };
  },
};
