import { Type } from 'typebox';
import { largestDiameter } from './largest-diameter.ts';
import { connectivity, filterComponents, label, ruleSchema, type Rule } from './rule.ts';

const schema = ruleSchema(
  'remove-small-components',
  'Removes the connected components of a label that are too small.',
  {
    label,
    minVolume: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 0,
        description: 'Components below this volume become background, mm³.',
      }),
    ),
    minDiameter: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 0,
        description:
          'Components whose largest diameter, between the outer corners of their voxels, is below ' +
          'this become background, mm.',
      }),
    ),
    connectivity,
  },
);

export const removeSmallComponentsRule: Rule<typeof schema> = {
  schema,
  apply(labels, { label, minVolume = 0, minDiameter = 0, connectivity = 26 }) {
    const voxelVolume = labels.spacing[0] * labels.spacing[1] * labels.spacing[2];
    return filterComponents(
      labels,
      { label, connectivity },
      (component, all) =>
        all.voxels[component - 1]! * voxelVolume >= minVolume &&
        (minDiameter === 0 || largestDiameter(all, component, labels) >= minDiameter),
    );
  },
};
