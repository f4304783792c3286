/** Four consecutive coefficients along an axis make one value. */
export const TAPS = 4;

/** Rows of values: row v begins at `data[start + v * stride]`. */
export interface Rows {
  readonly data: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** Where a row of values goes: value i to `data[start + i * step]`. */
export interface Row {
  readonly data: Float64Array;
  readonly start: number;
  readonly step: number;
}

/** The four rows, and their weights, that make row j of a result: entries 4 j to 4 j + 3. */
export interface Taps {
  readonly rows: Int32Array;
  readonly weights: Float64Array;
}

/** Writes row `j` of a result, `width` weighted sums of four rows. */
export function blendRows(
  { data, start, stride }: Rows,
  { rows, weights }: Taps,
  j: number,
  width: number,
  out: Row,
): void {
  const t = TAPS * j;
  const [wa, wb, wc, wd] = [weights[t]!, weights[t + 1]!, weights[t + 2]!, weights[t + 3]!];
  const a = start + stride * rows[t]!;
  const b = start + stride * rows[t + 1]!;
  const c = start + stride * rows[t + 2]!;
  const d = start + stride * rows[t + 3]!;
  const { data: values, step } = out;
  for (let i = 0, to = out.start; i < width; i++, to += step) {
    values[to] = wa * data[a + i]! + wb * data[b + i]! + wc * data[c + i]! + wd * data[d + i]!;
  }
}
