import { MARGIN, type AxisZoom } from './zoom-axis.ts';

/** Lines that are zoomed together, interwoven, so that they do not wait for each other. */
export const LANES = 8;

/** Values are limited to a range, [lowest, highest]. */
export type Range = readonly [number, number];

// Local names: looking `Math` up on the global object once per voxel shows in sandboxes.
const { min, max } = Math;

/** Lines, one to a lane: sample k of lane i is `data[starts[i] + k * step]`. */
export interface Lines {
  readonly data: Float32Array;
  readonly starts: Int32Array;
  readonly step: number;
}

/** Reads a line into each lane: sample k of lane i to `out[(MARGIN + k) * LANES + i]`. */
export function readLanes({ data, starts, step }: Lines, out: Float64Array): void {
  const [a, b, c, d] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!];
  const [e, f, g, h] = [starts[4]!, starts[5]!, starts[6]!, starts[7]!];
  const [start, end] = [MARGIN * LANES, out.length - MARGIN * LANES];
  for (let at = start, k = 0; at < end; at += LANES, k += step) {
    out[at] = data[a + k]!;
    out[at + 1] = data[b + k]!;
    out[at + 2] = data[c + k]!;
    out[at + 3] = data[d + k]!;
    out[at + 4] = data[e + k]!;
    out[at + 5] = data[f + k]!;
    out[at + 6] = data[g + k]!;
    out[at + 7] = data[h + k]!;
  }
  for (let k = 0; k < MARGIN; k++) {
    out.copyWithin(k * LANES, start, start + LANES);
    out.copyWithin(end + k * LANES, end - LANES, end);
  }
}

/** Zooms what {@link readLanes} has read, which is overwritten, and writes each lane to its line. */
export function zoomLanes(
  lanes: Float64Array,
  { to, base, weights, prefilter }: AxisZoom,
  [lowest, highest]: Range,
  { data, starts, step }: Lines,
): void {
  if (prefilter) prefilterInPlace(lanes);
  const [a, b, c, d] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!];
  const [e, f, g, h] = [starts[4]!, starts[5]!, starts[6]!, starts[7]!];
  for (let k = 0; k < to; k++) {
    const from = base[k]! * LANES;
    const at = k * step;
    const w0 = weights[4 * k]!;
    const w1 = weights[4 * k + 1]!;
    const w2 = weights[4 * k + 2]!;
    const w3 = weights[4 * k + 3]!;
    // Lane by lane: a loop takes half as long again.
    data[a + at] = max(lowest, min(highest, blend(lanes, from, w0, w1, w2, w3)));
    data[b + at] = max(lowest, min(highest, blend(lanes, from + 1, w0, w1, w2, w3)));
    data[c + at] = max(lowest, min(highest, blend(lanes, from + 2, w0, w1, w2, w3)));
    data[d + at] = max(lowest, min(highest, blend(lanes, from + 3, w0, w1, w2, w3)));
    data[e + at] = max(lowest, min(highest, blend(lanes, from + 4, w0, w1, w2, w3)));
    data[f + at] = max(lowest, min(highest, blend(lanes, from + 5, w0, w1, w2, w3)));
    data[g + at] = max(lowest, min(highest, blend(lanes, from + 6, w0, w1, w2, w3)));
    data[h + at] = max(lowest, min(highest, blend(lanes, from + 7, w0, w1, w2, w3)));
  }
}

function blend(
  lines: Float64Array,
  from: number,
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  return (
    a * lines[from]! +
    b * lines[from + LANES]! +
    c * lines[from + 2 * LANES]! +
    d * lines[from + 3 * LANES]!
  );
}

/** The one pole of the cubic B-spline's direct filter; Unser 1999, "Splines", box 2. */
const POLE = Math.sqrt(3) - 2;

/**
 * Turns samples into cubic B-spline coefficients, but for the filter's gain, which is part of the
 * weights. Beyond either end the outer sample goes on for ever.
 */
function prefilterInPlace(lines: Float64Array): void {
  const last = lines.length - LANES;
  for (let i = 0; i < LANES; i++) lines[i] = lines[i]! / (1 - POLE);
  filterForth(lines, last);
  for (let i = 0; i < LANES; i++) {
    const sample = lines[last + i]! - POLE * lines[last - LANES + i]!;
    const steady = sample / (1 - POLE);
    const rest = lines[last + i]! - steady;
    lines[last + i] = (-POLE / (1 - POLE)) * steady - (POLE / (1 - POLE * POLE)) * rest;
  }
  filterBack(lines, last);
}

/** A variable for each lane: the value before stays in a register. */
function filterForth(lines: Float64Array, last: number): void {
  let [a, b, c, d] = [lines[0]!, lines[1]!, lines[2]!, lines[3]!];
  let [e, f, g, h] = [lines[4]!, lines[5]!, lines[6]!, lines[7]!];
  for (let at = LANES; at <= last; at += LANES) {
    lines[at] = a = lines[at]! + POLE * a;
    lines[at + 1] = b = lines[at + 1]! + POLE * b;
    lines[at + 2] = c = lines[at + 2]! + POLE * c;
    lines[at + 3] = d = lines[at + 3]! + POLE * d;
    lines[at + 4] = e = lines[at + 4]! + POLE * e;
    lines[at + 5] = f = lines[at + 5]! + POLE * f;
    lines[at + 6] = g = lines[at + 6]! + POLE * g;
    lines[at + 7] = h = lines[at + 7]! + POLE * h;
  }
}

function filterBack(lines: Float64Array, last: number): void {
  let [a, b, c, d] = [lines[last]!, lines[last + 1]!, lines[last + 2]!, lines[last + 3]!];
  let [e, f, g, h] = [lines[last + 4]!, lines[last + 5]!, lines[last + 6]!, lines[last + 7]!];
  for (let at = last - LANES; at >= 0; at -= LANES) {
    lines[at] = a = POLE * (a - lines[at]!);
    lines[at + 1] = b = POLE * (b - lines[at + 1]!);
    lines[at + 2] = c = POLE * (c - lines[at + 2]!);
    lines[at + 3] = d = POLE * (d - lines[at + 3]!);
    lines[at + 4] = e = POLE * (e - lines[at + 4]!);
    lines[at + 5] = f = POLE * (f - lines[at + 5]!);
    lines[at + 6] = g = POLE * (g - lines[at + 6]!);
    lines[at + 7] = h = POLE * (h - lines[at + 7]!);
  }
}
