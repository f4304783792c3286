import type { AxisZoom } from './zoom-axis.ts';

/** Lines that are zoomed together, interwoven, so that they do not wait for each other. */
export const LANES = 8;

/** Values are limited to a range, [lowest, highest]. */
export type Range = readonly [number, number];

// Local names: looking `Math` up on the global object once per voxel shows in sandboxes.
const { min, max } = Math;

/**
 * Zooms interwoven lines, margins included: sample k of lane i is `lines[k * LANES + i]`, position k
 * of the result `out[k * LANES + i]`. The samples are overwritten.
 */
export function zoomLines(
  lines: Float64Array,
  { to, base, weights, prefilter }: AxisZoom,
  [lowest, highest]: Range,
  out: Float32Array,
): void {
  if (prefilter) prefilterInPlace(lines);
  for (let k = 0; k < to; k++) {
    const from = base[k]! * LANES;
    const at = k * LANES;
    const a = weights[4 * k]!;
    const b = weights[4 * k + 1]!;
    const c = weights[4 * k + 2]!;
    const d = weights[4 * k + 3]!;
    // Lane by lane: a loop takes half as long again.
    out[at] = max(lowest, min(highest, blend(lines, from, a, b, c, d)));
    out[at + 1] = max(lowest, min(highest, blend(lines, from + 1, a, b, c, d)));
    out[at + 2] = max(lowest, min(highest, blend(lines, from + 2, a, b, c, d)));
    out[at + 3] = max(lowest, min(highest, blend(lines, from + 3, a, b, c, d)));
    out[at + 4] = max(lowest, min(highest, blend(lines, from + 4, a, b, c, d)));
    out[at + 5] = max(lowest, min(highest, blend(lines, from + 5, a, b, c, d)));
    out[at + 6] = max(lowest, min(highest, blend(lines, from + 6, a, b, c, d)));
    out[at + 7] = max(lowest, min(highest, blend(lines, from + 7, a, b, c, d)));
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
  const ends = lines.slice(last);
  for (let i = 0; i < LANES; i++) lines[i] = lines[i]! / (1 - POLE);
  filterForth(lines, last);
  for (let i = 0; i < LANES; i++) {
    const steady = ends[i]! / (1 - POLE);
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
