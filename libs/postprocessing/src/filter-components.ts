import { componentRuns } from '@hecktor/volume';
import type { ComponentRuns, Connectivity, Volume } from '@hecktor/volume';

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
