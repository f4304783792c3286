import { HecktorError } from '@hecktor/errors';
import { assertGrid, assertVolume } from '@hecktor/volume';
import type { Grid, Volume } from '@hecktor/volume';
import { placeTemplate2025 } from './place-template-2025.ts';
import { placeWhole, resampleLabels, type PlacedLabels } from './placed-labels.ts';
import type { StepRecord } from './step-record.ts';
import { invertStep } from './invert-step.ts';

/** How labels go back. */
export interface InvertOptions {
  /** "exact" undoes every step; "template-2025" has the faults of the challenge's template. */
  readonly mode: 'exact' | 'template-2025';
}

/** How {@link invertLabels} runs. */
export interface InvertContext {
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Takes labels on the prepared grid back to the grid of an image, last step first. Between grids
 * that differ labels are picked by nearest neighbour; outside the prepared region they are 0.
 *
 * @throws HecktorError INVALID_ARGUMENT when the labels are not on the grid that the records end
 * with; RESTORE_IMPOSSIBLE when "template-2025" does not fit the records.
 */
export async function invertLabels(
  labels: Volume<Uint8Array>,
  records: readonly StepRecord[],
  target: Grid,
  options: InvertOptions,
  context: InvertContext = {},
): Promise<Volume<Uint8Array>> {
  assertVolume(labels);
  assertGrid(target);
  assertPrepared(labels, records);
  context.onProgress?.(0);
  const placed =
    options.mode === 'exact'
      ? invertAll(labels, records, target)
      : placeTemplate2025(labels, records);
  const restored = resampleLabels(placed, target);
  context.onProgress?.(1);
  return restored;
}

function invertAll(
  labels: Volume<Uint8Array>,
  records: readonly StepRecord[],
  target: Grid,
): PlacedLabels {
  const first = records.findIndex((record) => record.kind !== 'intensity');
  let placed = placeWhole(labels);
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i]!;
    // From the first grid labels go straight to the target, so that they are picked only once.
    if (i === first && record.kind === 'resample') break;
    placed = invertStep(placed, record, target);
  }
  return placed;
}

function assertPrepared(labels: Grid, records: readonly StepRecord[]): void {
  const last = records.findLast((record) => 'after' in record);
  if (last === undefined || last.after.size.every((n, a) => n === labels.size[a])) return;
  throw new HecktorError('INVALID_ARGUMENT', {
    detail: `the labels have ${labels.size.join(' x ')} voxels, the prepared grid ${last.after.size.join(' x ')}`,
  });
}
