import { Type } from 'typebox';
import type { Static, TProperties, TSchema } from 'typebox';
import { componentRuns } from '@hecktor/volume';
import type { ComponentRuns, Connectivity, NumericVoxelArray, Volume } from '@hecktor/volume';

/** One kind of entry of a recipe's `postprocessing`: its schema and what it does. */
export interface Rule<Schema extends TSchema> {
  readonly schema: Schema;
  /** Makes a new label map; the one that it gets is not changed. */
  readonly apply: (
    labels: Volume<Uint8Array>,
    config: Static<Schema>,
    images: RuleImages,
  ) => Volume<Uint8Array>;
  /** Images that it looks at, by name. Absent: none. */
  readonly images?: (config: Static<Schema>) => readonly string[];
}

/** Images of the case that rules look at, by name, each on its own grid. */
export type RuleImages = Readonly<Record<string, Volume<NumericVoxelArray> | undefined>>;

/** Schema of a rule; keys it does not know are refused. */
export function ruleSchema<const Name extends string, Properties extends TProperties>(
  name: Name,
  description: string,
  properties: Properties,
) {
  return Type.Object(
    { step: Type.Literal(name), ...properties },
    { description, additionalProperties: false },
  );
}

/** Schema of the label that a rule looks at. */
export const label = Type.Integer({
  minimum: 1,
  maximum: 255,
  description: 'The label it looks at.',
});

/** Schema of what counts as a neighbour. */
export const connectivity = Type.Optional(
  Type.Enum([6, 18, 26], {
    default: 26,
    description: 'Neighbours of a voxel: by faces, by edges too, by corners too.',
  }),
);

/** Which label is filtered, and which of its voxels count as neighbours. */
export interface ComponentOptions {
  /** The label whose components are looked at; other labels stay as they are. */
  readonly label: number;
  /** 6 (faces), 18 (and edges) or 26 (and corners). */
  readonly connectivity: Connectivity;
}

/**
 * A copy of a label map in which those components of one label that `keep` refuses are background.
 *
 * @param keep Gets a component's number (1 to count) and all components.
 */
export function filterComponents(
  labels: Volume<Uint8Array>,
  options: ComponentOptions,
  keep: (component: number, all: ComponentRuns) => boolean,
): Volume<Uint8Array> {
  const runs = componentRuns(labels.data, labels.size, options.label, options.connectivity);
  const kept = Array.from({ length: runs.count }, (_, i) => keep(i + 1, runs));
  const data = labels.data.slice();
  for (let run = 0; run < runs.starts.length; run++) {
    if (!kept[runs.labels[run]! - 1]) data.fill(0, runs.starts[run], runs.ends[run]);
  }
  return { ...labels, data };
}
