import type { Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { connectivity, filterComponents, label, ruleSchema } from './rule.ts';
import type { ComponentOptions, Rule } from './rule.ts';

const schema = ruleSchema(
  'keep-largest-component',
  'Keeps only the largest connected components of a label.',
  {
    label,
    components: Type.Optional(
      Type.Integer({ minimum: 1, default: 1, description: 'How many stay, at most.' }),
    ),
    connectivity,
  },
);

export const keepLargestComponentRule: Rule<typeof schema> = {
  schema,
  apply: (labels, { label, components, connectivity = 26 }) =>
    keepLargestComponents(labels, { label, connectivity }, components),
};

/**
 * A copy of a label map in which one label keeps its largest components alone, the first in scan
 * order of equals.
 */
export function keepLargestComponents(
  labels: Volume<Uint8Array>,
  options: ComponentOptions,
  components = 1,
): Volume<Uint8Array> {
  let kept: ReadonlySet<number> | undefined;
  return filterComponents(labels, options, (component, { voxels }) => {
    kept ??= new Set(
      Array.from(voxels.keys())
        .sort((a, b) => voxels[b]! - voxels[a]!)
        .slice(0, components),
    );
    return kept.has(component - 1);
  });
}
