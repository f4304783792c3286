/** Four consecutive coefficients along an axis make one value. */
export const TAPS = 4;

/** Rows of values: row v begins at `data[start + v * stride]`. */
export interface Rows {
  readonly data: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** Where rows of values go: value i of row j to `data[start + j * stride + i * apart]`. */
export interface Target extends Rows {
  readonly apart: number;
}

/** The four rows, and their weights, that make row j of a result: entries 4 j to 4 j + 3. */
interface Taps {
  readonly rows: Int32Array;
  readonly weights: Float64Array;
}

/** Writes `count` rows of a result, each `width` weighted sums of four rows. */
export function blendRows(
  { data, start, stride }: Rows,
  { rows, weights }: Taps,
  [count, width]: readonly [number, number],
  { data: out, start: first, stride: next, apart }: Target,
): void {
  for (let j = 0; j < count; j++) {
    const t = TAPS * j;
    const a = start + stride * rows[t]!;
    const b = start + stride * rows[t + 1]!;
    const c = start + stride * rows[t + 2]!;
    const d = start + stride * rows[t + 3]!;
    const wa = weights[t]!;
    const wb = weights[t + 1]!;
    const wc = weights[t + 2]!;
    const wd = weights[t + 3]!;
    let to = first + j * next;
    for (let i = 0; i < width; i++, to += apart) {
      out[to] = wa * data[a + i]! + wb * data[b + i]! + wc * data[c + i]! + wd * data[d + i]!;
    }
  }
}
