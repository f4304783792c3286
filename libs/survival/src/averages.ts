/** Below this NumPy adds one by one. */
const LANES = 8;
/** Above this NumPy halves. */
const BLOCK = 128;

/**
 * Sum in the order in which NumPy adds contiguous float64 values, so that results are equal to the
 * last bit: one by one below 8 values; up to 128 in eight interleaved sums; more by halves whose
 * first is a multiple of 8 (pairwise summation, `pairwise_sum` in NumPy's loops_utils.h).
 */
export function sum(values: readonly number[], start = 0, end = values.length): number {
  const count = end - start;
  if (count > BLOCK) {
    const half = start + (count >> 1) - ((count >> 1) % LANES);
    return sum(values, start, half) + sum(values, half, end);
  }
  const even = start + (count < LANES ? 0 : count - (count % LANES));
  let total = count < LANES ? 0 : lanes(values, start, even);
  for (let i = even; i < end; i++) total += values[i]!;
  return total;
}

function lanes(values: readonly number[], start: number, end: number): number {
  const [a, b, c, d, e, f, g, h] = Array.from({ length: LANES }, (_, lane) => {
    let total = values[start + lane]!;
    for (let i = start + LANES + lane; i < end; i += LANES) total += values[i]!;
    return total;
  }) as [number, number, number, number, number, number, number, number];
  return a + b + (c + d) + (e + f + (g + h));
}

/** Arithmetic mean of the values that are not NaN, as NumPy's `nanmean`; NaN when there are none. */
export function nanMean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).length;
  // A NaN counts as 0 in its place: leaving it out would change the order of the sum.
  return sum(values.map((value) => (Number.isNaN(value) ? 0 : value))) / known;
}

/** Median of the values that are not NaN; the mean of the middle two of an even count. */
export function nanMedian(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
