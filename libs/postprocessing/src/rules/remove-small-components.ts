import { HecktorError } from '@hecktor/errors';
import type { Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { connectivity, filterComponents, label, ruleSchema } from './rule.ts';
import type { ComponentOptions, Rule } from './rule.ts';

const schema = ruleSchema(
  'remove-small-components',
  'Removes the connected components of a label that are too small.',
  {
    label,
    minVolume: Type.Number({
      minimum: 0,
      description: 'Components below this volume become background, mm³.',
    }),
    connectivity,
  },
);

export const removeSmallComponentsRule: Rule<typeof schema> = {
  schema,
  apply: (labels, { label, minVolume, connectivity = 26 }) =>
    removeSmallComponents(labels, { label, minVolume, connectivity }),
};

/** Options of {@link removeSmallComponents}. */
export interface RemoveSmallOptions extends ComponentOptions {
  /** Components below this volume, mm³, become background; one of exactly this volume stays. */
  readonly minVolume: number;
}

/**
 * A copy of a label map without the components of one label that are smaller than `minVolume`.
 *
 * @throws HecktorError INVALID_ARGUMENT for a negative or missing volume, or unfit arguments.
 */
export function removeSmallComponents(
  labels: Volume<Uint8Array>,
  options: RemoveSmallOptions,
): Volume<Uint8Array> {
  const { minVolume } = options;
  if (!(Number.isFinite(minVolume) && minVolume >= 0)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `minVolume: expected a number of mm³ >= 0, got ${minVolume}`,
    });
  }
  const voxelVolume = labels.spacing[0] * labels.spacing[1] * labels.spacing[2];
  return filterComponents(
    labels,
    options,
    (component, all) => all.voxels[component - 1]! * voxelVolume >= minVolume,
  );
}
