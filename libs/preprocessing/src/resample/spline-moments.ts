import type { AxisTable, CoefficientBlock } from '../kernels/kernel-job.ts';
import { TAPS } from '../kernels/xy-ring.ts';
import type { Moments } from '../statistics.ts';
import { touchedVoxels } from './axis-table.ts';
import type { AxisTables } from './evaluation.ts';

/**
 * Count, mean and sum of squared deviations of a separable spline at its inside positions, without
 * evaluating it: with weights W along each axis the values are (Wz x Wy x Wx) c, so that their sum
 * is a product of column sums and their sum of squares a quadratic form in c with the banded
 * matrices W'W. There are far fewer coefficients than values when a coarse image is resampled.
 */
export function splineMoments(block: CoefficientBlock, tables: AxisTables): Moments | undefined {
  const [x, y, z] = tables.map(axisForm);
  if (x === undefined || y === undefined || z === undefined) return undefined;
  const count = x.count * y.count * z.count;
  const plane = new Float64Array(x.size * y.size);
  let sum = 0;
  for (let k = 0; k < z.size; k++) {
    readPlane(block, [x, y], z.from + k, 0, plane);
    sum += z.sums[k]! * weightedSum(plane, x, y);
  }
  const mean = sum / count;
  return { count, mean, squares: quadraticForm(block, [x, y, z], mean) };
}

/** What an axis contributes: its coefficients, their total weights, and W'W by diagonals. */
interface AxisForm {
  readonly from: number;
  readonly size: number;
  /** Number of inside positions. */
  readonly count: number;
  readonly sums: Float64Array;
  /** Element (i, i + d) of W'W is `bands[TAPS * i + d]`. */
  readonly bands: Float64Array;
}

function axisForm(table: AxisTable): AxisForm | undefined {
  const touched = touchedVoxels(table, TAPS);
  if (touched === undefined) return undefined;
  const size = touched.to - touched.from;
  const sums = new Float64Array(size);
  const bands = new Float64Array(TAPS * size);
  for (let i = table.from; i < table.to; i++) {
    const first = table.base[i]! - touched.from;
    for (let a = 0; a < TAPS; a++) {
      const w = table.weights[TAPS * i + a]!;
      sums[first + a] = sums[first + a]! + w;
      for (let b = a; b < TAPS; b++) {
        const at = TAPS * (first + a) + b - a;
        bands[at] = bands[at]! + w * table.weights[TAPS * i + b]!;
      }
    }
  }
  return { from: touched.from, size, count: table.to - table.from, sums, bands };
}

function readPlane(
  { data, lo, size }: CoefficientBlock,
  [x, y]: readonly [AxisForm, AxisForm],
  z: number,
  shift: number,
  out: Float64Array,
): void {
  for (let j = 0; j < y.size; j++) {
    const from = x.from - lo[0] + size[0] * (y.from - lo[1] + j + size[1] * (z - lo[2]));
    for (let i = 0; i < x.size; i++) out[j * x.size + i] = data[from + i]! - shift;
  }
}

function weightedSum(plane: Float64Array, x: AxisForm, y: AxisForm): number {
  let sum = 0;
  for (let j = 0; j < y.size; j++) {
    let row = 0;
    for (let i = 0; i < x.size; i++) row += x.sums[i]! * plane[j * x.size + i]!;
    sum += y.sums[j]! * row;
  }
  return sum;
}

/** The sum of squares of the spline less a constant; the weights of each value sum to 1. */
function quadraticForm(
  block: CoefficientBlock,
  [x, y, z]: readonly [AxisForm, AxisForm, AxisForm],
  shift: number,
): number {
  const count = x.size * y.size;
  const planes = Array.from({ length: TAPS }, () => new Float64Array(count));
  const alongX = new Float64Array(count);
  const alongXy = Array.from({ length: TAPS }, () => new Float64Array(count));
  let total = 0;
  for (let k = 0; k < z.size; k++) {
    const plane = planes[k % TAPS]!;
    readPlane(block, [x, y], z.from + k, shift, plane);
    for (let j = 0; j < y.size; j++) multiplyBands(plane, alongX, x, j * x.size, 1, 1);
    const product = alongXy[k % TAPS]!;
    multiplyBands(alongX, product, y, 0, x.size, x.size);
    for (let d = 0; d < TAPS && d <= k; d++) {
      const weight = z.bands[TAPS * (k - d) + d]! * (d === 0 ? 1 : 2);
      total += weight * dot(plane, alongXy[(k - d) % TAPS]!);
    }
  }
  return total;
}

/** Multiplies `lines` neighbouring lines by W'W. Element k of a line is `stride` further on. */
function multiplyBands(
  from: Float64Array,
  to: Float64Array,
  { size, bands }: AxisForm,
  offset: number,
  stride: number,
  lines: number,
): void {
  for (let k = 0; k < size; k++) {
    const at = offset + k * stride;
    const w = bands[TAPS * k]!;
    for (let i = 0; i < lines; i++) to[at + i] = w * from[at + i]!;
    for (let d = 1; d < TAPS; d++) {
      if (k + d < size) addLine(from, to, at, at + d * stride, bands[TAPS * k + d]!, lines);
      if (k >= d) addLine(from, to, at, at - d * stride, bands[TAPS * (k - d) + d]!, lines);
    }
  }
}

function addLine(
  from: Float64Array,
  to: Float64Array,
  at: number,
  source: number,
  weight: number,
  lines: number,
): void {
  for (let i = 0; i < lines; i++) to[at + i] = to[at + i]! + weight * from[source + i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
