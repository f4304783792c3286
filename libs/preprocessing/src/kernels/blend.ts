/** Four consecutive coefficients along an axis make one value. */
export const TAPS = 4;

/** Writes the weighted sums of four rows, `width` values each, to `out` from `to` on. */
export function blendRows(
  data: Float64Array,
  rows: readonly number[],
  weights: Float64Array,
  w: number,
  out: Float64Array,
  [to, width]: readonly [number, number],
): void {
  const [a, b, c, d] = [rows[0]!, rows[1]!, rows[2]!, rows[3]!];
  const [wa, wb, wc, wd] = [weights[w]!, weights[w + 1]!, weights[w + 2]!, weights[w + 3]!];
  for (let i = 0; i < width; i++) {
    out[to + i] = wa * data[a + i]! + wb * data[b + i]! + wc * data[c + i]! + wd * data[d + i]!;
  }
}
