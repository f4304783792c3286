import { HecktorError } from '@hecktor/errors';
import type { Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { largestDiameter } from './largest-diameter.ts';
import { connectivity, filterComponents, label, ruleSchema } from './rule.ts';
import type { ComponentOptions, Rule } from './rule.ts';

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
  apply: (labels, { connectivity = 26, ...options }) =>
    removeSmallComponents(labels, { ...options, connectivity }),
};

/** Options of {@link removeSmallComponents}. */
export interface RemoveSmallOptions extends ComponentOptions {
  /** Components below this volume, mm³, become background; one of exactly this volume stays. */
  readonly minVolume?: number;
  /**
   * Components whose largest diameter, mm, is below this become background: the largest distance of
   * two outer corners of their voxels.
   */
  readonly minDiameter?: number;
}

/**
 * A copy of a label map without the components of one label that are too small.
 *
 * @throws HecktorError INVALID_ARGUMENT for a negative volume or diameter, or unfit arguments.
 */
export function removeSmallComponents(
  labels: Volume<Uint8Array>,
  options: RemoveSmallOptions,
): Volume<Uint8Array> {
  const { minVolume = 0, minDiameter = 0 } = options;
  for (const [name, value] of Object.entries({ minVolume, minDiameter })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `${name}: expected a number >= 0, got ${value}`,
    });
  }
  const voxelVolume = labels.spacing[0] * labels.spacing[1] * labels.spacing[2];
  return filterComponents(
    labels,
    options,
    (component, all) =>
      all.voxels[component - 1]! * voxelVolume >= minVolume &&
      (minDiameter === 0 || largestDiameter(all, component, labels) >= minDiameter),
  );
}
