import { runInParts } from '../engine.ts';
import type { AxisTable } from '../kernels/kernel-job.ts';
import type { Evaluation } from './evaluation.ts';

const EMPTY: AxisTable = { from: 0, to: 0, base: new Int32Array(0), weights: new Float64Array(0) };

/** Hands slices of the outside value to the sinks: the region misses the source. */
export async function evaluateOutside(
  { region, demand, engine, resampling }: Evaluation,
  slices: readonly [number, number],
): Promise<void> {
  await runInParts(engine, slices, (part) => ({
    kind: 'evaluate',
    producer: {
      kind: 'pick',
      source: { data: engine.uint8(1), strides: [1, 1, 1], lo: [0, 0, 0], size: [1, 1, 1] },
      tables: [EMPTY, EMPTY, EMPTY],
      outside: resampling.outside,
      status: engine.int32(1),
    },
    size: region.size,
    slices: part,
    ...demand,
  }));
}
