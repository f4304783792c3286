import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { IntegerLimits, SeparableProducer } from './kernel-job.ts';
import { TAPS, xyRing } from './xy-ring.ts';

/**
 * Evaluates a spline whose axes run along the output's: coefficients are blended along x, then y,
 * and the four slices that an output slice needs wait in a ring to be blended along z.
 */
export function separableSlices(producer: SeparableProducer, size: Vec3): SliceProducer {
  const { block, tables, limits } = producer;
  const [tx, ty, tz] = tables;
  const [width, height] = size;
  const outside = Math.fround(producer.outside);
  const empty = tx.from >= tx.to || ty.from >= ty.to;
  const ring = xyRing(producer, [width, height]);
  const wholeRows = tx.from === 0 && tx.to === width;
  const whole = wholeRows && ty.from === 0 && ty.to === height;
  const starts = new Int32Array(TAPS);

  return (z, slice) => {
    if (empty || z < tz.from || z >= tz.to) {
      slice.fill(outside);
      return;
    }
    if (!whole) slice.fill(outside);
    const first = tz.base[z]! - block.lo[2];
    for (let i = 0; i < TAPS; i++) starts[i] = ring.fetch(first + i);
    const weights = tz.weights.subarray(TAPS * z, TAPS * z + TAPS);
    if (wholeRows) {
      blendZ(ring.data, starts, weights, ty.from * width, ty.to * width, slice, limits);
      return;
    }
    for (let y = ty.from; y < ty.to; y++) {
      const row = y * width;
      blendZ(ring.data, starts, weights, row + tx.from, row + tx.to, slice, limits);
    }
  };
}

function blendZ(
  ring: Float64Array,
  starts: Int32Array,
  weights: Float64Array,
  from: number,
  to: number,
  out: Float32Array,
  limits: IntegerLimits | null,
): void {
  const a = starts[0]!;
  const b = starts[1]!;
  const c = starts[2]!;
  const d = starts[3]!;
  const wa = weights[0]!;
  const wb = weights[1]!;
  const wc = weights[2]!;
  const wd = weights[3]!;
  if (limits === null) {
    for (let i = from; i < to; i++) {
      out[i] = wa * ring[a + i]! + wb * ring[b + i]! + wc * ring[c + i]! + wd * ring[d + i]!;
    }
    return;
  }
  const { lowest, highest } = limits;
  for (let i = from; i < to; i++) {
    const v = wa * ring[a + i]! + wb * ring[b + i]! + wc * ring[c + i]! + wd * ring[d + i]!;
    out[i] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v);
  }
}
