const { floor, max, min, round } = Math;
const { isFinite } = Number;

/** How values are spread: quantiles, and the two classes that they fall into. */
export interface Levels {
  /** The value below which a share of the values lies. */
  readonly quantile: (share: number) => number;
  /** Medians of the two classes that Otsu's threshold parts (1979): in a CT air and body. */
  readonly low: number;
  readonly high: number;
  /** Share of the values in the upper class. */
  readonly above: number;
}

const BINS = 256;

/** The levels of the finite ones among `values`; undefined where there is none. */
export function levelsOf(values: Float32Array): Levels | undefined {
  const sorted = values.filter((value) => isFinite(value)).sort();
  if (sorted.length === 0) return undefined;
  const quantile = (share: number) => sorted[round(share * (sorted.length - 1))]!;
  const threshold = otsuThreshold(sorted, quantile(0.002), quantile(0.998));
  const found = sorted.findIndex((value) => value > threshold);
  const below = found === -1 ? sorted.length : found;
  const middle = (from: number, to: number) => sorted[min((from + to) >> 1, sorted.length - 1)]!;
  return {
    quantile,
    low: middle(0, below),
    high: middle(below, sorted.length),
    above: 1 - below / sorted.length,
  };
}

/** The threshold with the largest variance between the classes, of values clipped to a range. */
function otsuThreshold(sorted: Float32Array, lowest: number, highest: number): number {
  if (!(highest > lowest)) return lowest;
  const counts = new Float64Array(BINS);
  const scale = BINS / (highest - lowest);
  for (const value of sorted) {
    counts[min(BINS - 1, max(0, floor((value - lowest) * scale)))]!++;
  }
  const total = sorted.length;
  const sum = counts.reduce((all, count, bin) => all + bin * count, 0);
  let [best, bin, weight, partial] = [-1, 0, 0, 0];
  for (let i = 0; i < BINS - 1; i++) {
    weight += counts[i]!;
    partial += i * counts[i]!;
    if (weight === 0 || weight === total) continue;
    const gap = partial / weight - (sum - partial) / (total - weight);
    const variance = weight * (total - weight) * gap * gap;
    if (variance > best) [best, bin] = [variance, i];
  }
  return lowest + (bin + 1) / scale;
}
