import { deflateSync } from 'node:zlib';
import type { JobResult } from '@hecktor/runtime';
import { bareGrid, type Volume } from '@hecktor/volume';
import type { AnswerResult } from './case-job.ts';

/** What a result has beside its label map. */
type Figures = Omit<AnswerResult, 'labelMap' | 'values'> & Partial<Pick<AnswerResult, 'values'>>;

/** A label map, and the values of other outputs, for the main thread, where they are written. */
export function labelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const { data } = labels;
  const labelMap = { grid: bareGrid(labels), labels: data };
  const value: AnswerResult = { values: {}, ...figures, labelMap };
  return { value, transfer: data.buffer instanceof ArrayBuffer ? [data.buffer] : [] };
}

/** The same, compressed, as it will lie there until a better one comes or the time is up. */
export function interimLabelResult(labels: Volume<Uint8Array>, figures: Figures): JobResult {
  const packed = deflateSync(labels.data, { level: 1 });
  const labelMap = { grid: bareGrid(labels), labels: packed, isDeflated: true };
  const value: AnswerResult = { values: {}, ...figures, labelMap };
  return { value };
}
