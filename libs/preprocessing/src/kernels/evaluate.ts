import { scanLine } from '../resample/relate-grids.ts';
import type { AxisTable, CoefficientBlock, EvaluateJob, Sampling } from './kernel-job.ts';
import { linearSupport, linearWeights, splineSupport, splineWeights } from './weights.ts';

/** Four consecutive coefficients along an axis make one value. */
export const TAPS = 4;

/** Runs an {@link EvaluateJob}. */
export function evaluate(job: EvaluateJob): void {
  if (job.sampling.kind === 'separable') evaluateSeparable(job, job.sampling.tables);
  else evaluateOblique(job, job.sampling);
}

/**
 * Blends coefficients along x, then y, then z: the four slices that an output slice needs wait,
 * blended along x and y, in a ring.
 */
function evaluateSeparable(
  { block, limits, size, slices, out, outSize, at }: EvaluateJob,
  [tx, ty, tz]: Extract<Sampling, { kind: 'separable' }>['tables'],
): void {
  const [width, height] = size;
  const plane = width * height;
  const ring = new Float64Array(TAPS * plane);
  const held = new Int32Array(TAPS).fill(-1);
  const rows = new Float64Array(width * block.size[1]);
  const starts = [0, 0, 0, 0];
  const last = Math.min(slices[1], tz.to);
  for (let z = Math.max(slices[0], tz.from); z < last; z++) {
    for (let i = 0; i < TAPS; i++) {
      const slice = tz.base[z]! + i - block.lo[2];
      const slot = slice % TAPS;
      starts[i] = slot * plane;
      if (held[slot] === slice) continue;
      blendX(block, slice, tx, width, rows);
      blendY(rows, [tx, ty], { width, lo: block.lo[1] }, ring, slot * plane);
      held[slot] = slice;
    }
    const [wa, wb, wc, wd] = tz.weights.subarray(TAPS * z, TAPS * z + TAPS) as unknown as Quad;
    for (let y = ty.from; y < ty.to; y++) {
      const to = at[0] + outSize[0] * (at[1] + y + outSize[1] * (at[2] + z));
      const [a, b, c, d] = starts.map((start) => start + y * width) as Quad;
      if (limits === null) {
        for (let x = tx.from; x < tx.to; x++) {
          out[to + x] =
            wa * ring[a + x]! + wb * ring[b + x]! + wc * ring[c + x]! + wd * ring[d + x]!;
        }
        continue;
      }
      for (let x = tx.from; x < tx.to; x++) {
        const v = wa * ring[a + x]! + wb * ring[b + x]! + wc * ring[c + x]! + wd * ring[d + x]!;
        const whole = Math.trunc(v);
        const rest = Math.abs(v - whole);
        const noise = 1e-6 + 1e-13 * Math.abs(v);
        const value =
          Math.abs(v) > 0.5 && (rest < noise || rest > 1 - noise)
            ? itkSum(block, [tx, ty, tz], [x, y, z])
            : v;
        // Adding 0 makes a truncated -0 the 0 that an integer is.
        out[to + x] =
          value <= limits.lowest
            ? limits.lowest
            : value >= limits.highest
              ? limits.highest
              : Math.trunc(value) + 0;
      }
    }
  }
}

type Quad = [number, number, number, number];

function blendX(
  { data, lo, size }: CoefficientBlock,
  slice: number,
  { base, weights, from, to }: AxisTable,
  width: number,
  out: Float64Array,
): void {
  for (let row = 0; row < size[1]; row++) {
    const start = size[0] * (row + size[1] * slice) - lo[0];
    const target = row * width;
    for (let x = from; x < to; x++) {
      const c = start + base[x]!;
      const w = TAPS * x;
      out[target + x] =
        weights[w]! * data[c]! +
        weights[w + 1]! * data[c + 1]! +
        weights[w + 2]! * data[c + 2]! +
        weights[w + 3]! * data[c + 3]!;
    }
  }
}

function blendY(
  rows: Float64Array,
  [{ from, to }, { base, weights, from: first, to: end }]: readonly [AxisTable, AxisTable],
  { width, lo }: { readonly width: number; readonly lo: number },
  out: Float64Array,
  start: number,
): void {
  for (let y = first; y < end; y++) {
    const a = (base[y]! - lo) * width;
    const [b, c, d] = [a + width, a + 2 * width, a + 3 * width];
    const wa = weights[TAPS * y]!;
    const wb = weights[TAPS * y + 1]!;
    const wc = weights[TAPS * y + 2]!;
    const wd = weights[TAPS * y + 3]!;
    const target = start + y * width;
    for (let x = from; x < to; x++) {
      out[target + x] =
        wa * rows[a + x]! + wb * rows[b + x]! + wc * rows[c + x]! + wd * rows[d + x]!;
    }
  }
}

/**
 * ITK's own sum of 64 products, in its order. Where a spline meets an integer but for rounding, as
 * at the source's voxels and in constant stretches, truncation turns a last bit that is missing into
 * a whole unit: only the same rounding gives the same image.
 */
function itkSum(
  { data, lo, size }: CoefficientBlock,
  [tx, ty, tz]: readonly [AxisTable, AxisTable, AxisTable],
  [x, y, z]: readonly [number, number, number],
): number {
  const first = tx.base[x]! - lo[0];
  const w0 = tx.weights[TAPS * x]!;
  const w1 = tx.weights[TAPS * x + 1]!;
  const w2 = tx.weights[TAPS * x + 2]!;
  const w3 = tx.weights[TAPS * x + 3]!;
  let sum = 0;
  for (let k = 0; k < TAPS; k++) {
    const wz = tz.weights[TAPS * z + k]!;
    const slice = size[1] * (tz.base[z]! + k - lo[2]) + ty.base[y]! - lo[1];
    for (let j = 0; j < TAPS; j++) {
      const wy = ty.weights[TAPS * y + j]!;
      const row = first + size[0] * (slice + j);
      sum += w0 * wy * wz * data[row]!;
      sum += w1 * wy * wz * data[row + 1]!;
      sum += w2 * wy * wz * data[row + 2]!;
      sum += w3 * wy * wz * data[row + 3]!;
    }
  }
  return sum;
}

/** Evaluates voxel by voxel, 64 coefficients each: the directions do not agree. */
function evaluateOblique(
  { block, limits, size, slices, out, outSize, at }: EvaluateJob,
  { map, start: first, linear, sourceSize }: Extract<Sampling, { kind: 'oblique' }>,
): void {
  const tables = [0, 1, 2].map(() => ({
    from: 0,
    to: 1,
    base: new Int32Array(1),
    weights: new Float64Array(TAPS),
  })) as [AxisTable, AxisTable, AxisTable];
  const lowest = limits?.lowest ?? -Infinity;
  const highest = limits?.highest ?? Infinity;
  const index = [0, 0, 0];
  for (let z = slices[0]; z < slices[1]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const { start, way } = scanLine(map, first[1] + y, first[2] + z);
      const to = at[0] + outSize[0] * (at[1] + y + outSize[1] * (at[2] + z));
      for (let x = 0; x < size[0]; x++) {
        const alpha = (first[0] + x) / map.lineLength;
        let inside = true;
        for (let a = 0; a < 3; a++) {
          index[a] = start[a]! + alpha * way[a]!;
          inside &&= index[a]! >= -0.5 && index[a]! < sourceSize[a]! - 0.5;
        }
        if (!inside) continue;
        for (let a = 0; a < 3; a++) {
          const { base, weights } = tables[a]!;
          const [i, n] = [index[a]!, sourceSize[a]!];
          base[0] = linear ? linearSupport(i, n) : splineSupport(i);
          if (linear) linearWeights(i, n, base[0], weights, 0);
          else splineWeights(i, base[0], weights, 0);
        }
        const v = itkSum(block, tables, [0, 0, 0]);
        if (limits === null) out[to + x] = v;
        else out[to + x] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v) + 0;
      }
    }
  }
}
