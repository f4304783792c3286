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
  apply(labels, { to }) {
    const unmapped = labels.data.find((index) => index >= to.length);
    if (unmapped !== undefined) {
      throw new HecktorError('INVALID_ARGUMENT', {
        detail: `class map: expected a label for class ${unmapped}, got [${to.join(', ')}]`,
      });
    }
    return { ...labels, data: labels.data.map((index) => to[index]!) };
  },
};
