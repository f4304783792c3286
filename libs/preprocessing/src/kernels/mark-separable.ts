import type { Vec3 } from '@hecktor/volume';
import type { EvaluateJob, SeparableProducer } from './kernel-job.ts';
import type { ThresholdSink } from './sink.ts';
import { TAPS, xyRing } from './xy-ring.ts';

/** True when {@link markSeparable} gives what evaluating and marking would give. */
export function canMarkSeparable(producer: SeparableProducer, job: EvaluateJob): boolean {
  const [only] = job.sinks;
  return (
    job.sinks.length === 1 &&
    job.operations.length === 0 &&
    only?.kind === 'threshold' &&
    producer.limits === null &&
    producer.outside < only.atLeast
  );
}

/**
 * Marks voxels of a separable float spline that reach a limit. B-spline weights are never negative
 * and sum to 1, so that a value lies between those it is blended from: where the four slices of the
 * ring all stay below the limit nothing needs to be evaluated. Hot spots are small, so that this
 * saves most of the work.
 */
export function markSeparable(
  producer: SeparableProducer,
  sink: ThresholdSink,
  size: Vec3,
  slices: readonly [number, number],
): void {
  const { block, tables } = producer;
  const [tx, ty, tz] = tables;
  const [width, height] = size;
  // float32 rounding and the last bit of the weights' sum may lift a value over the limit.
  const near = sink.atLeast - 1e-6 * Math.abs(sink.atLeast);
  const firsts = new Int32Array(TAPS * height);
  const ends = new Int32Array(TAPS * height);
  const ring = xyRing(producer, [width, height], (slot, start) => {
    for (let y = ty.from; y < ty.to; y++) {
      const row = start + y * width;
      let first = tx.from;
      let end = tx.to;
      while (first < end && ring.data[row + first]! < near) first++;
      while (end > first && ring.data[row + end - 1]! < near) end--;
      firsts[slot * height + y] = first < end ? first : width;
      ends[slot * height + y] = first < end ? end : 0;
    }
  });
  const [from, to] = [Math.max(slices[0], tz.from), Math.min(slices[1], tz.to)];
  if (tx.from >= tx.to || ty.from >= ty.to) return;
  const starts = [0, 0, 0, 0];
  for (let z = from; z < to; z++) {
    const base = tz.base[z]! - block.lo[2];
    for (let i = 0; i < TAPS; i++) starts[i] = ring.fetch(base + i);
    const weights = tz.weights.subarray(TAPS * z, TAPS * z + TAPS);
    for (let y = ty.from; y < ty.to; y++) {
      let first = width;
      let end = 0;
      for (let slot = 0; slot < TAPS; slot++) {
        first = Math.min(first, firsts[slot * height + y]!);
        end = Math.max(end, ends[slot * height + y]!);
      }
      const row = y + height * z;
      sink.spans[2 * row] = first;
      sink.spans[2 * row + 1] = end;
      if (first < end)
        markRow(ring.data, starts, weights, y * width, first, end, sink, row * width);
    }
  }
}

function markRow(
  ring: Float64Array,
  starts: readonly number[],
  weights: Float64Array,
  row: number,
  first: number,
  end: number,
  { mask, atLeast }: ThresholdSink,
  at: number,
): void {
  const a = starts[0]! + row;
  const b = starts[1]! + row;
  const c = starts[2]! + row;
  const d = starts[3]! + row;
  const wa = weights[0]!;
  const wb = weights[1]!;
  const wc = weights[2]!;
  const wd = weights[3]!;
  for (let x = first; x < end; x++) {
    const v = wa * ring[a + x]! + wb * ring[b + x]! + wc * ring[c + x]! + wd * ring[d + x]!;
    mask[at + x] = Math.fround(v) >= atLeast ? 1 : 0;
  }
}
