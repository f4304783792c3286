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
    keepLargestComponent(labels, { label, connectivity, ...(components && { components }) }),
};

/** Options of {@link keepLargestComponent}. */
export interface KeepLargestOptions extends ComponentOptions {
  /** How many components stay, at most; >= 1. Default: 1. */
  readonly components?: number;
}

/**
 * A copy of a label map in which one label keeps its largest components alone, the first in scan
 * order of equals.
 *
 * @throws HecktorError INVALID_ARGUMENT for unfit arguments.
 */
export function keepLargestComponent(
  labels: Volume<Uint8Array>,
  options: KeepLargestOptions,
): Volume<Uint8Array> {
  let kept: ReadonlySet<number> | undefined;
  return filterComponents(labels, options, (component, { voxels }) => {
    kept ??= new Set(
      Array.from(voxels.keys())
        .sort((a, b) => voxels[b]! - voxels[a]!)
        .slice(0, options.components ?? 1),
    );
    return kept.has(component - 1);
  });
}
