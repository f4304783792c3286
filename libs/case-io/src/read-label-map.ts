import { HecktorError, type ErrorCode } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { createVolume, type Volume } from '@hecktor/volume';
import type { LabelMapOutput } from './task.ts';

export type Label = LabelMapOutput['labels'][number];

export interface LabelMap {
  /** The task's labels; all else is 0. */
  readonly mask: Volume<Uint8Array>;
  /** Values that are no labels of the task, with their counts; undefined: there are none. */
  readonly unknown: string | undefined;
}

/** How far a label may be from a whole number: resampled or scaled images keep them as floats. */
const LABEL_TOLERANCE = 1e-3;

/**
 * Reads a label map of any voxel type. Values that are no labels of the task become background.
 *
 * @param refusal How an image without labels is refused; `file` when messages shall name another
 * path than `path`.
 * @throws HecktorError `refusal.code` when values are not whole numbers; as `readVolume` does.
 */
export async function readLabelMap(
  path: string,
  labels: readonly Label[],
  refusal: { readonly code: ErrorCode; readonly file?: string },
): Promise<LabelMap> {
  const volume = toNumeric(await readVolume(path));
  const known = new Set(labels.map(({ value }) => value));
  const data = new Uint8Array(volume.data.length);
  const unknown = new Map<number, number>();
  let fractions = 0;
  for (let i = 0; i < data.length; i++) {
    const value = volume.data[i]!;
    const label = Math.round(value);
    // NaN and infinities are none either.
    if (!(Math.abs(value - label) <= LABEL_TOLERANCE)) fractions++;
    else if (known.has(label)) data[i] = label;
    else if (label !== 0) unknown.set(label, (unknown.get(label) ?? 0) + 1);
  }
  if (fractions > 0) {
    throw new HecktorError(refusal.code, {
      file: refusal.file ?? path,
      detail: `${fractions} of ${data.length} values are not whole numbers`,
      cause: 'probabilities, or a label map that was resampled linearly',
      fix: `write whole numbers: 0 = background, ${list(labels.map((l) => `${l.value} = ${l.name}`))}`,
    });
  }
  const counts = [...unknown].map(([label, count]) => `${label} (${count} voxels)`);
  return {
    mask: createVolume(volume, data),
    unknown: counts.length === 0 ? undefined : list(counts),
  };
}

function list(texts: readonly string[]): string {
  const more = texts.length > 5 ? ` and ${texts.length - 5} more` : '';
  return `${texts.slice(0, 5).join(', ')}${more}`;
}
