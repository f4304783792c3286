import { touchedVoxels } from '../resample/axis-table.ts';
import { scanLine } from '../resample/relate-grids.ts';
import { blendRows, TAPS } from './blend.ts';
import type {
  AxisTable,
  AxisTables,
  CoefficientBlock,
  EvaluateJob,
  IntegerLimits,
  Sampling,
} from './kernel-job.ts';
import { linearSupport, linearWeights, splineSupport, splineWeights } from './weights.ts';

/** Runs an {@link EvaluateJob}. */
export function evaluate(job: EvaluateJob): void {
  if (job.sampling.kind === 'separable') evaluateSeparable(job, job.sampling.tables);
  else evaluateOblique(job, job.sampling);
}

/**
 * Blends coefficients along x, then y, then z: the four slices that an output slice needs wait,
 * blended along x and y, in a ring, unless the block is at the output's positions already.
 */
function evaluateSeparable(
  { block, limits, size, rows: part, out }: EvaluateJob,
  tables: AxisTables,
): void {
  const [tx, ty, tz] = tables;
  const [first, last] = [Math.max(part[0], ty.from), Math.min(part[1], ty.to)];
  const [width, height] = [tx.to - tx.from, last - first];
  if (height <= 0) return;
  const placed = block.placed.every((table) => table !== null);
  const stride = placed ? block.size[0] * block.size[1] : width * height;
  const data = placed ? block.data : ringOf(TAPS * stride);
  const above = placed ? width * (first - ty.from) : 0;
  const held = new Int32Array(TAPS).fill(-1);
  const values = new Float64Array(width * height);
  const to = { data: values, start: 0, stride: 0, apart: 1 };
  const blend = placed ? undefined : sliceBlender(block, tx, { ...ty, from: first, to: last });
  const rows = new Int32Array(TAPS);
  for (let z = tz.from; z < tz.to; z++) {
    for (let i = 0; i < TAPS; i++) {
      const slice = tz.base[z]! + i - block.lo[2];
      rows[i] = placed ? slice : slice % TAPS;
      if (placed || held[rows[i]!] === slice) continue;
      blend?.(slice, data, rows[i]! * stride);
      held[rows[i]!] = slice;
    }
    const weights = tz.weights.subarray(TAPS * z, TAPS * (z + 1));
    blendRows({ data, start: above, stride }, { rows, weights }, [1, width * height], to);
    for (let y = first; y < last; y++) {
      const row = values.subarray(width * (y - first), width * (y - first + 1));
      if (limits !== null) truncate(row, limits, block, tables, y, z);
      out.set(row, tx.from + size[0] * (y + size[1] * z));
    }
  }
}

let ring = new Float64Array(0);

/** An array that a thread uses again and again. */
function ringOf(length: number): Float64Array {
  if (ring.length < length) ring = new Float64Array(length);
  return ring;
}

/** Brings a slice of a block to the output's positions along x and y, and writes it from `to` on. */
function sliceBlender(block: CoefficientBlock, tx: AxisTable, ty: AxisTable) {
  const { lo, placed } = block;
  const width = tx.to - tx.from;
  const touched = touchedVoxels(ty, TAPS)!;
  const first = placed[1] === null ? touched.from - lo[1] : ty.from - lo[1];
  const end = placed[1] === null ? touched.to - lo[1] : ty.to - lo[1];
  const lines = new Float64Array(width * (end - first));
  const count = ty.to - ty.from;
  const rows = new Int32Array(TAPS * count);
  for (let i = 0; i < rows.length; i++) {
    rows[i] = ty.base[ty.from + (i >> 2)]! + (i % TAPS) - lo[1] - first;
  }
  const taps = { rows, weights: ty.weights.subarray(TAPS * ty.from, TAPS * ty.to) };
  return (slice: number, out: Float64Array, to: number): void => {
    blendX(block, [slice, first, end], tx, lines);
    if (placed[1] !== null) {
      out.set(lines, to);
      return;
    }
    const target = { data: out, start: to, stride: width, apart: 1 };
    blendRows({ data: lines, start: 0, stride: width }, taps, [count, width], target);
  };
}

function blendX(
  { data, lo, size, placed }: CoefficientBlock,
  [slice, first, end]: readonly [number, number, number],
  { base, weights, from, to }: AxisTable,
  out: Float64Array,
): void {
  let target = 0;
  for (let line = first; line < end; line++) {
    const start = size[0] * (size[1] * slice + line);
    if (placed[0] !== null) {
      out.set(data.subarray(start, start + size[0]), target);
      target += size[0];
      continue;
    }
    for (let x = from; x < to; x++) {
      const c = start + base[x]! - lo[0];
      const w = TAPS * x;
      out[target++] =
        weights[w]! * data[c]! +
        weights[w + 1]! * data[c + 1]! +
        weights[w + 2]! * data[c + 2]! +
        weights[w + 3]! * data[c + 3]!;
    }
  }
}

/**
 * Clamps and truncates a row of values in place. Where a spline meets an integer but for rounding, as
 * at the source's voxels and in constant stretches, truncation turns a last bit that is missing into
 * a whole unit: there ITK's own sum decides, or the integer where the coefficients for it are gone.
 */
function truncate(
  row: Float64Array,
  { lowest, highest }: IntegerLimits,
  block: CoefficientBlock,
  tables: AxisTables,
  y: number,
  z: number,
): void {
  const exact = block.placed.every((table) => table === null);
  const first = tables[0].from;
  for (let i = 0; i < row.length; i++) {
    let v = row[i]!;
    const whole = Math.trunc(v);
    const rest = Math.abs(v - whole);
    const noise = 1e-6 + 1e-13 * Math.abs(v);
    if (Math.abs(v) > 0.5 && (rest < noise || rest > 1 - noise)) {
      v = exact ? itkSum(block, tables, first + i, y, z) : Math.round(v);
    }
    // Adding 0 makes a truncated -0 the 0 that an integer is.
    row[i] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v) + 0;
  }
}

/** ITK's own sum of 64 products, in its order: only the same rounding gives the same integer. */
function itkSum(
  { data, lo, size }: CoefficientBlock,
  [tx, ty, tz]: AxisTables,
  x: number,
  y: number,
  z: number,
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
  { block, limits, size, rows, out }: EvaluateJob,
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
  for (let z = 0; z < size[2]; z++) {
    for (let y = rows[0]; y < rows[1]; y++) {
      const { start, way } = scanLine(map, first[1] + y, first[2] + z);
      const to = size[0] * (y + size[1] * z);
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
        const v = itkSum(block, tables, 0, 0, 0);
        if (limits === null) out[to + x] = v;
        else out[to + x] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v) + 0;
      }
    }
  }
}
