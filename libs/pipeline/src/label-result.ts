import { deflateSync } from 'node:zlib';
import type { JobResult } from '@hecktor/runtime';
import type { Volume } from '@hecktor/volume';
import type { AnswerResult } from './case-job.ts';

/** What a result has beside its label map. */
type Figures = Omit<AnswerResult, 'labelMap' | 'values'> & Partial<Pick<AnswerResult, 'values'>>;

/** A label map, and the values of other outputs, for the main thread, where they are written. */
export function labelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const { size, spacing, origin, direction, data } = labels;
  const grid = { size, spacing, origin, direction };
  const value: AnswerResult = { values: {}, ...figures, labelMap: { grid, labels: data } };
  return { value, transfer: data.buffer instanceof ArrayBuffer ? [data.buffer] : [] };
}

/** The same, compressed, as it will lie there until a better one comes or the time is up. */
export function interimLabelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const { size, spacing, origin, direction, data } = labels;
  const grid = { size, spacing, origin, direction };
  const packed = { grid, labels: deflateSync(data, { level: 1 }), isDeflated: true };
  const value: AnswerResult = { values: {}, ...figures, labelMap: packed };
  return { value };
}
