import { deflateSync } from 'node:zlib';
import type { JobResult } from '@hecktor/runtime';
import type { Volume } from '@hecktor/volume';
import type { LabelResult } from './case-job.ts';

/** Figures of a {@link LabelResult}. */
type Figures = Pick<LabelResult, 'windows' | 'seconds' | 'plan'>;

/** A label map for the main thread, where it is written. */
export function labelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const { size, spacing, origin, direction, data } = labels;
  const grid = { size, spacing, origin, direction };
  const value: LabelResult = { ...figures, grid, labels: data };
  return { value, transfer: data.buffer instanceof ArrayBuffer ? [data.buffer] : [] };
}

/** The same, compressed, as it will lie there until a better one comes or the time is up. */
export function interimLabelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const { value } = labelResult(labels, figures);
  const packed = deflateSync(labels.data, { level: 1 });
  return { value: { ...(value as LabelResult), labels: packed, isDeflated: true } };
}
