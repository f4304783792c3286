import { HecktorError } from '@hecktor/errors';
import { Type } from 'typebox';
import { ruleSchema, type Rule } from './rule.ts';

const schema = ruleSchema('map-classes', 'Replaces class i by the i-th label.', {
  to: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), {
    minItems: 1,
    maxItems: 256,
    description: 'New label of each class, by its index; later steps see the new labels.',
  }),
});

export const mapClassesRule: Rule<typeof schema> = {
  schema,
  apply: (labels, { to }) => ({ ...labels, data: mapClasses(labels.data, to) }),
};

/**
 * Replaces class index i by `to[i]`.
 *
 * @param to New label of each class, 0 to 255.
 * @throws HecktorError INVALID_ARGUMENT for a label out of range or a class that `to` leaves out.
 */
export function mapClasses(classes: Uint8Array, to: readonly number[]): Uint8Array {
  if (!to.every((label) => Number.isInteger(label) && label >= 0 && label <= 255)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `class map: expected labels from 0 to 255, got [${to.join(', ')}]`,
    });
  }
  const table = Uint8Array.from(to);
  const labels = new Uint8Array(classes.length);
  for (let i = 0; i < classes.length; i++) {
    const index = classes[i]!;
    if (index >= table.length) {
      throw new HecktorError('INVALID_ARGUMENT', {
        detail: `class map: expected a label for class ${index}, got [${to.join(', ')}]`,
      });
    }
    labels[i] = table[index]!;
  }
  return labels;
}
