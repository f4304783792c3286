import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { AxisTable, IntegerLimits, SeparableProducer } from './kernel-job.ts';

/** Four consecutive values along an axis make one output value. */
const TAPS = 4;

/**
 * Evaluates a spline whose axes run along the output's: coefficients are blended along x, then y,
 * and the four slices that an output slice needs wait in a ring to be blended along z.
 */
export function separableSlices(producer: SeparableProducer, size: Vec3): SliceProducer {
  const { block, tables, limits } = producer;
  const [tx, ty, tz] = tables;
  const [width, height] = size;
  const outside = Math.fround(producer.outside);
  const ring = Array.from({ length: TAPS }, () => new Float64Array(width * height));
  const held = new Int32Array(TAPS).fill(-1);
  const empty = tx.from >= tx.to || ty.from >= ty.to;
  const rows = rowRange(ty, block.lo[1]);
  const blended = new Float64Array(width * (rows.to - rows.from));

  const fillRing = (slice: number): Float64Array => {
    const slot = slice & (TAPS - 1);
    const target = ring[slot]!;
    if (held[slot] !== slice) {
      blendX(producer, slice, rows, width, blended);
      blendY(ty, tx, rows.from + block.lo[1], width, blended, target);
      held[slot] = slice;
    }
    return target;
  };

  return (z, slice) => {
    if (empty || z < tz.from || z >= tz.to) {
      slice.fill(outside);
      return;
    }
    if (tx.from > 0 || tx.to < width || ty.from > 0 || ty.to < height) slice.fill(outside);
    const first = tz.base[z]! - block.lo[2];
    const slices = [fillRing(first), fillRing(first + 1), fillRing(first + 2), fillRing(first + 3)];
    const weights = tz.weights.subarray(TAPS * z, TAPS * z + TAPS);
    if (tx.from === 0 && tx.to === width) {
      blendZ(slices, weights, ty.from * width, ty.to * width, slice, limits);
      return;
    }
    for (let y = ty.from; y < ty.to; y++) {
      blendZ(slices, weights, y * width + tx.from, y * width + tx.to, slice, limits);
    }
  };
}

/** Rows of the block that the outputs inside the image need, `[from, to)`. */
function rowRange(table: AxisTable, lo: number): { from: number; to: number } {
  let from = Infinity;
  let to = -Infinity;
  for (let y = table.from; y < table.to; y++) {
    from = Math.min(from, table.base[y]! - lo);
    to = Math.max(to, table.base[y]! - lo + TAPS);
  }
  return from < to ? { from, to } : { from: 0, to: 0 };
}

function blendX(
  { block, tables }: SeparableProducer,
  slice: number,
  rows: { from: number; to: number },
  width: number,
  out: Float64Array,
): void {
  const { base, weights, from, to } = tables[0];
  const { data } = block;
  const lo = block.lo[0];
  for (let row = rows.from; row < rows.to; row++) {
    const start = block.size[0] * (row + block.size[1] * slice) - lo;
    const target = (row - rows.from) * width;
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
  table: AxisTable,
  { from, to }: AxisTable,
  firstRow: number,
  width: number,
  rows: Float64Array,
  out: Float64Array,
): void {
  const { base, weights } = table;
  for (let y = table.from; y < table.to; y++) {
    const a = (base[y]! - firstRow) * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    const wa = weights[TAPS * y]!;
    const wb = weights[TAPS * y + 1]!;
    const wc = weights[TAPS * y + 2]!;
    const wd = weights[TAPS * y + 3]!;
    const target = y * width;
    for (let x = from; x < to; x++) {
      out[target + x] =
        wa * rows[a + x]! + wb * rows[b + x]! + wc * rows[c + x]! + wd * rows[d + x]!;
    }
  }
}

function blendZ(
  slices: readonly Float64Array[],
  weights: Float64Array,
  from: number,
  to: number,
  out: Float32Array,
  limits: IntegerLimits | null,
): void {
  const a = slices[0]!;
  const b = slices[1]!;
  const c = slices[2]!;
  const d = slices[3]!;
  const wa = weights[0]!;
  const wb = weights[1]!;
  const wc = weights[2]!;
  const wd = weights[3]!;
  if (limits === null) {
    for (let i = from; i < to; i++) {
      out[i] = wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
    }
    return;
  }
  const { lowest, highest } = limits;
  for (let i = from; i < to; i++) {
    const v = wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
    out[i] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v);
  }
}
