import type { AxisTable, SeparableProducer } from './kernel-job.ts';

/** Four consecutive values along an axis make one output value. */
export const TAPS = 4;

/** The four slices, blended along x and y, that an output slice is blended from. */
export interface XyRing {
  /** The four slices one after another. */
  readonly data: Float64Array;
  /** Makes a slice of the block be in the ring and returns where it starts in `data`. */
  fetch(slice: number): number;
}

/**
 * Blends slices of a coefficient block along x, then y, to `width` x `height` values, and keeps the
 * last four. Values outside the tables' inside ranges are not set.
 *
 * @param onSlice - told of every slice that is made, with its start in `data`.
 */
export function xyRing(
  producer: SeparableProducer,
  size: readonly [number, number],
  onSlice?: (slot: number, start: number) => void,
): XyRing {
  const { block, tables } = producer;
  const [tx, ty] = tables;
  const [width, height] = size;
  const data = new Float64Array(TAPS * width * height);
  const held = new Int32Array(TAPS).fill(-1);
  const rows = rowRange(ty, block.lo[1]);
  const blended = new Float64Array(width * (rows.to - rows.from));
  return {
    data,
    fetch(slice) {
      const slot = slice & (TAPS - 1);
      const start = slot * width * height;
      if (held[slot] !== slice) {
        blendX(producer, slice, rows, width, blended);
        blendY(ty, tx, rows.from + block.lo[1], width, blended, data, start);
        held[slot] = slice;
        onSlice?.(slot, start);
      }
      return start;
    },
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
  start: number,
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
    const target = start + y * width;
    for (let x = from; x < to; x++) {
      out[target + x] =
        wa * rows[a + x]! + wb * rows[b + x]! + wc * rows[c + x]! + wd * rows[d + x]!;
    }
  }
}
