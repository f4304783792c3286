import type { AxisReach } from './kernel-job.ts';

/** The one pole of the cubic B-spline's direct filter; Unser 1999, "Splines", box 2. */
const POLE = Math.sqrt(3) - 2;
/** Samples of the causal start that ITK sums: ceil(log(1e-10) / log(|pole|)). */
const HORIZON = 18;
/** Gain of the filter along one axis: 6, as ITK's product of doubles comes out. */
const GAIN = (1 - POLE) * (1 - 1 / POLE);
/**
 * Added and taken away again this makes 0 of what is below 1e-60, which no float32 knows, and leaves
 * alone what is above 1e-28. Tails that decay into the least doubles (1e-308) take a processor a
 * hundred times as long.
 */
const FLUSH = 2 ** -147;

/**
 * Turns samples into cubic B-spline coefficients along one axis, in place.
 *
 * Sample k of all lines is `data[offset + k * stride + i]`, i = 0 ... `lines` - 1. Where the reach
 * ends at the image's border the start values are ITK's for mirrored images; where it is cut inside
 * the image the samples are taken to go on as they end, an error that decays with |pole| = 0.268 a
 * voxel.
 */
export function prefilterInPlace(
  data: Float64Array,
  layout: { offset: number; stride: number; lines: number },
  reach: AxisReach,
): void {
  if (reach.length === 1) return;
  const count = reach.to - reach.from;
  const { offset, stride, lines } = layout;
  startCausal(data, layout, reach, count);
  for (let k = 1; k < count; k++) {
    const at = offset + k * stride;
    const before = at - stride;
    for (let i = 0; i < lines; i++) {
      data[at + i] = GAIN * data[at + i]! + POLE * data[before + i]! + FLUSH - FLUSH;
    }
  }
  startAnticausal(data, layout, reach, count);
  for (let k = count - 2; k >= 0; k--) {
    const at = offset + k * stride;
    const after = at + stride;
    for (let i = 0; i < lines; i++) {
      data[at + i] = POLE * (data[after + i]! - data[at + i]!) + FLUSH - FLUSH;
    }
  }
}

function startCausal(
  data: Float64Array,
  { offset, stride, lines }: { offset: number; stride: number; lines: number },
  reach: AxisReach,
  count: number,
): void {
  if (reach.from > 0) {
    for (let i = 0; i < lines; i++) data[offset + i] = (GAIN * data[offset + i]!) / (1 - POLE);
    return;
  }
  for (let i = 0; i < lines; i++) data[offset + i] = GAIN * data[offset + i]!;
  if (HORIZON < reach.length) {
    let power = POLE;
    for (let k = 1; k < Math.min(HORIZON, count); k++, power *= POLE) {
      const at = offset + k * stride;
      for (let i = 0; i < lines; i++)
        data[offset + i] = data[offset + i]! + power * (GAIN * data[at + i]!);
    }
    return;
  }
  // A short axis is always whole: the mirrored signal is summed in closed form.
  let falling = POLE;
  const growth = 1 / POLE;
  let rising = Math.pow(POLE, count - 1);
  const last = offset + (count - 1) * stride;
  for (let i = 0; i < lines; i++)
    data[offset + i] = data[offset + i]! + rising * (GAIN * data[last + i]!);
  rising *= rising * growth;
  for (let k = 1; k <= count - 2; k++) {
    const at = offset + k * stride;
    const weight = falling + rising;
    for (let i = 0; i < lines; i++)
      data[offset + i] = data[offset + i]! + weight * (GAIN * data[at + i]!);
    falling *= POLE;
    rising *= growth;
  }
  const norm = 1 - falling * falling;
  for (let i = 0; i < lines; i++) data[offset + i] = data[offset + i]! / norm;
}

function startAnticausal(
  data: Float64Array,
  { offset, stride, lines }: { offset: number; stride: number; lines: number },
  reach: AxisReach,
  count: number,
): void {
  const last = offset + (count - 1) * stride;
  const before = last - stride;
  if (reach.to < reach.length) {
    const steady = POLE / (POLE - 1);
    for (let i = 0; i < lines; i++) data[last + i] = steady * data[last + i]!;
    return;
  }
  const scale = POLE / (POLE * POLE - 1);
  for (let i = 0; i < lines; i++) {
    data[last + i] = scale * (POLE * data[before + i]! + data[last + i]!);
  }
}
