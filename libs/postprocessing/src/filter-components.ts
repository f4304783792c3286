import { HecktorError } from '@hecktor/errors';
import { componentRuns } from '@hecktor/volume';
import type { ComponentRuns, Connectivity, Volume } from '@hecktor/volume';

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
function filterComponents(
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
