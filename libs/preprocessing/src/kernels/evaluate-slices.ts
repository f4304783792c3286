import type { EvaluateJob, Producer } from './kernel-job.ts';
import { canMarkSeparable, markSeparable } from './mark-separable.ts';
import { latticeSlices } from './lattice-slices.ts';
import { obliquePickSlices } from './oblique-pick-slices.ts';
import { obliqueSlices } from './oblique-slices.ts';
import { pickSlices } from './pick-slices.ts';
import { applyPointOperationsInPlace } from './point-operation.ts';
import { separableSlices } from './separable-slices.ts';
import { feedSink, isDirect } from './sink.ts';
import type { Vec3 } from '@hecktor/volume';

/** Fills a slice of a region with values. */
export type SliceProducer = (z: number, slice: Float32Array) => void;

/** Runs an {@link EvaluateJob}: each slice is made once and goes to all sinks while in cache. */
export function evaluateSlices(job: EvaluateJob): void {
  const { size, operations, sinks, producer } = job;
  const [only] = sinks;
  if (
    producer.kind === 'separable' &&
    only?.kind === 'threshold' &&
    canMarkSeparable(producer, job)
  ) {
    markSeparable(producer, only, size, job.slices);
    return;
  }
  const count = size[0] * size[1];
  const produce = sliceProducer(producer, size);
  const direct = sinks.find((sink) => isDirect(sink, size));
  const scratch = direct === undefined ? new Float32Array(count) : undefined;
  for (let z = job.slices[0]; z < job.slices[1]; z++) {
    const slice = scratch ?? directSlice(direct!, z, count);
    produce(z, slice);
    applyPointOperationsInPlace(slice, operations);
    for (const sink of sinks) {
      if (sink !== direct) feedSink(sink, z, slice, size[0], size[1]);
    }
  }
}

function directSlice(
  sink: { readonly out: Float32Array; readonly at: Vec3 },
  z: number,
  count: number,
): Float32Array {
  const from = (sink.at[2] + z) * count;
  return sink.out.subarray(from, from + count);
}

function sliceProducer(producer: Producer, size: Vec3): SliceProducer {
  switch (producer.kind) {
    case 'separable':
      return separableSlices(producer, size);
    case 'lattice':
      return latticeSlices(producer, size);
    case 'oblique':
      return obliqueSlices(producer, size);
    case 'pick':
      return pickSlices(producer, size);
    case 'oblique-pick':
      return obliquePickSlices(producer, size);
  }
}
