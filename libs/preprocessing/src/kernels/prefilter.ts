import type { AxisReach } from './kernel-job.ts';

/** The one pole of the cubic B-spline's direct filter; Unser 1999, "Splines", box 2. */
const POLE = Math.sqrt(3) - 2;
/** Samples of the causal start that ITK sums: ceil(log(1e-10) / log(|pole|)). */
const HORIZON = 18;
/** Gain of the filter along one axis: 6, as ITK's product of doubles comes out. */
const GAIN = (1 - POLE) * (1 - 1 / POLE);
/**
 * Added to every sample, this keeps the filter's tails around zeros from decaying into the least
 * doubles (1e-308), with which a processor takes a hundred times as long. It changes no bit of a value
 * above 1e-74, and in float32 it is 0.
 */
const TINY = 2 ** -300;

/** Parallel lines of samples: sample k of line i is `data[start + k * stride + i * apart]`. */
export interface Lines {
  readonly data: Float64Array;
  readonly start: number;
  readonly stride: number;
  readonly apart: number;
}

/**
 * Turns samples of `count` lines into cubic B-spline coefficients, in place. Four lines go together, so
 * that their recursions need not wait for each other. Returns false when a sample is not finite.
 *
 * Where the reach ends at the image's border the start values are ITK's for mirrored images; where it
 * is cut inside the image the samples are taken to go on as they end, an error that decays with
 * |pole| = 0.268 a voxel.
 */
export function filterLines(lines: Lines, count: number, reach: AxisReach): boolean {
  const { data, start, stride, apart } = lines;
  const samples = reach.to - reach.from;
  let check = 0;
  for (let i = 0; i < count; i += 4) {
    // What is missing to four lines is the last one again: all are read before one is written.
    const one = apart * Math.min(1, count - 1 - i);
    const two = apart * Math.min(2, count - 1 - i);
    const three = apart * Math.min(3, count - 1 - i);
    let at = start + i * apart;
    let a = startCausal(lines, at, reach);
    let b = startCausal(lines, at + one, reach);
    let c = startCausal(lines, at + two, reach);
    let d = startCausal(lines, at + three, reach);
    data[at] = a;
    data[at + one] = b;
    data[at + two] = c;
    data[at + three] = d;
    for (let k = 1; k < samples; k++) {
      at += stride;
      a = GAIN * data[at]! + TINY + POLE * a;
      b = GAIN * data[at + one]! + TINY + POLE * b;
      c = GAIN * data[at + two]! + TINY + POLE * c;
      d = GAIN * data[at + three]! + TINY + POLE * d;
      data[at] = a;
      data[at + one] = b;
      data[at + two] = c;
      data[at + three] = d;
    }
    check += a - a + (b - b) + (c - c) + (d - d);
    a = startAnticausal(a, data[at - stride]!, reach);
    b = startAnticausal(b, data[at - stride + one]!, reach);
    c = startAnticausal(c, data[at - stride + two]!, reach);
    d = startAnticausal(d, data[at - stride + three]!, reach);
    data[at] = a;
    data[at + one] = b;
    data[at + two] = c;
    data[at + three] = d;
    for (let k = 1; k < samples; k++) {
      at -= stride;
      a = POLE * (a - data[at]!);
      b = POLE * (b - data[at + one]!);
      c = POLE * (c - data[at + two]!);
      d = POLE * (d - data[at + three]!);
      data[at] = a;
      data[at + one] = b;
      data[at + two] = c;
      data[at + three] = d;
    }
  }
  return check === 0;
}

/** The causal filter's value at a line's first sample, which is `data[at]`. */
function startCausal({ data, stride }: Lines, at: number, reach: AxisReach): number {
  if (reach.from > 0) return (GAIN * data[at]!) / (1 - POLE);
  let sum = GAIN * data[at]!;
  const count = reach.to;
  if (HORIZON < reach.length) {
    let power = POLE;
    for (let k = 1; k < Math.min(HORIZON, count); k++, power *= POLE) {
      sum += power * (GAIN * data[at + k * stride]!);
    }
    return sum;
  }
  // A short axis is always whole: the mirrored signal is summed in closed form.
  let falling = POLE;
  const growth = 1 / POLE;
  let rising = Math.pow(POLE, count - 1);
  sum += rising * (GAIN * data[at + (count - 1) * stride]!);
  rising *= rising * growth;
  for (let k = 1; k <= count - 2; k++) {
    sum += (falling + rising) * (GAIN * data[at + k * stride]!);
    falling *= POLE;
    rising *= growth;
  }
  return sum / (1 - falling * falling);
}

/** The anticausal filter's value at a line's last sample, from the last two causal ones. */
function startAnticausal(last: number, before: number, reach: AxisReach): number {
  if (reach.to < reach.length) return (POLE / (POLE - 1)) * last;
  return (POLE / (POLE * POLE - 1)) * (POLE * before + last);
}
