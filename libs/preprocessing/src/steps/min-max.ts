import { Type } from 'typebox';
import type { Static } from 'typebox';
import { settle, withOperation } from '../images/image-view.ts';
import { imageName, stepSchema } from './schema-parts.ts';
import { settlePadding } from './settle-padding.ts';
import { replaceView, requireView, type Step } from './step.ts';

export const MIN_MAX_SCHEMA = stepSchema(
  'min-max',
  'Maps values to (v - min) / (max - min + epsilon), with min and max of the image itself. A constant image becomes 0.',
  {
    image: imageName('The image to change.'),
    epsilon: Type.Number({ description: 'Added to the range.', minimum: 0, default: 0 }),
  },
);

export type MinMaxConfig = Static<typeof MIN_MAX_SCHEMA>;

/** Scales one image by its own range. */
export const minMaxStep: Step<MinMaxConfig> = {
  schema: MIN_MAX_SCHEMA,
  async apply(views, { step, image, epsilon }, engine) {
    const view = await settlePadding(requireView(views, image, step), engine);
    const slots = engine.float64(2 * view.window.size[2]);
    const settled = await settle(view, engine, [{ kind: 'range', slots }]);
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < slots.length; i += 2) {
      low = Math.min(low, slots[i]!);
      high = Math.max(high, slots[i + 1]!);
    }
    const range = Math.fround(Math.fround(high - low) + epsilon);
    const divide = range === 0 ? 1 : range;
    const operation = { kind: 'standardise', subtract: low, divide, nonzero: false } as const;
    return {
      views: replaceView(views, await withOperation(settled, operation, engine)),
      record: { kind: 'intensity', step, image, found: { low, high } },
    };
  },
};
