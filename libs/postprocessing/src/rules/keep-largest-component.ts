import type { Volume } from '@hecktor/volume';
import { connectivity, filterComponents, label, ruleSchema } from './rule.ts';
import type { ComponentOptions, Rule } from './rule.ts';

const schema = ruleSchema(
  'keep-largest-component',
  'Keeps only the largest connected component of a label.',
  { label, connectivity },
);

export const keepLargestComponentRule: Rule<typeof schema> = {
  schema,
  apply: (labels, { label, connectivity = 26 }) =>
    keepLargestComponent(labels, { label, connectivity }),
};

/**
 * A copy of a label map in which one label keeps its largest component alone, the first in scan
 * order of equals.
 *
 * @throws HecktorError INVALID_ARGUMENT for unfit arguments.
 */
export function keepLargestComponent(
  labels: Volume<Uint8Array>,
  options: ComponentOptions,
): Volume<Uint8Array> {
  let largest: number | undefined;
  return filterComponents(labels, options, (component, all) => {
    largest ??= all.voxels.indexOf(all.voxels.reduce((a, b) => Math.max(a, b), 0)) + 1;
    return component === largest;
  });
}
