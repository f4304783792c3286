import { HecktorError } from '@hecktor/errors';
import { copyBox, voxelCount } from '@hecktor/volume';
import type { Volume } from '@hecktor/volume';
import type { PlacedLabels } from './placed-labels.ts';
import type { CropRecord, ResampleRecord, StepRecord } from './step-record.ts';

/** Steps of the template, besides those that only change values. */
const TEMPLATE_STEPS = 'resample, crop-neck, crop-foreground, pad';

/**
 * Puts labels back onto the resampled grid with the faults of the 2025 template: of slices beyond
 * the neck box half (rounded down) are cut from the front although the padding was at the end, and
 * the foreground crop is not undone, so that labels move by minus its lower corner.
 *
 * Where labels are wider than the neck box along x or y the template stops with an error; here the
 * padding at the end is cut off, and nothing else can be meant.
 *
 * @throws HecktorError RESTORE_IMPOSSIBLE for steps that the template does not have, and for labels
 * smaller than the neck box, where the template stops too.
 */
export function placeTemplate2025(
  labels: Volume<Uint8Array>,
  records: readonly StepRecord[],
): PlacedLabels {
  const { resample, crop } = templateRecords(records);
  const box = crop.after.size;
  if (labels.size.some((n, a) => n < box[a]!)) {
    throw new HecktorError('RESTORE_IMPOSSIBLE', {
      detail: `the labels have ${labels.size.join(' x ')} voxels, fewer than the neck box of ${box.join(' x ')}`,
      cause: 'the recipe crops to the foreground and does not pad to the size of the neck box',
    });
  }
  const skip = Math.floor((labels.size[2] - box[2]) / 2);
  const kept = new Uint8Array(voxelCount(crop.after));
  const data = copyBox(labels, { start: [0, 0, skip], size: box }, kept);
  return { data, size: box, at: crop.start, grid: resample.after };
}

function templateRecords(records: readonly StepRecord[]): {
  resample: ResampleRecord;
  crop: CropRecord;
} {
  const spatial = records.filter((record) => record.kind !== 'intensity');
  const names = spatial.map((record) => record.step);
  const [resample, crop, ...rest] = spatial;
  const known = rest.every(({ step }) => step === 'crop-foreground' || step === 'pad');
  if (
    resample?.kind !== 'resample' ||
    crop?.kind !== 'crop' ||
    !known ||
    crop.step !== 'crop-neck'
  ) {
    throw new HecktorError('RESTORE_IMPOSSIBLE', {
      detail: `the template has the steps ${TEMPLATE_STEPS}; this recipe has ${names.join(', ') || 'none'}`,
    });
  }
  return { resample, crop };
}
