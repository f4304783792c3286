/** 2^-52, which PyRadiomics adds within logarithms. */
export const EPSILON = 2 ** -52;

/** The entropy in bits of probabilities. */
export function entropy(probabilities: Float64Array): number {
  let sum = 0;
  for (const p of probabilities) sum += p * Math.log2(p + EPSILON);
  return -sum;
}

/** How often each size (run, zone or dependence) of each grey level occurs. */
export class SizeMatrix {
  readonly #counts = new Map<number, number>();
  readonly #sizes: number;

  /** @param sizes - The largest size there can be. */
  constructor(sizes: number) {
    this.#sizes = sizes + 1;
  }

  add(place: number, size: number, count = 1): void {
    const key = place * this.#sizes + size;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  /** Adds the counts of another matrix, times a weight. */
  addScaled(other: SizeMatrix, weight: number): void {
    for (const [key, count] of other.#counts) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + weight * count);
    }
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /**
   * What glrlm, glszm and gldm have in common, for levels i and sizes j: emphases are means of
   * powers of i and j, non-uniformities sums of squared margins.
   *
   * @param levels - The grey level of each place, places beginning at 1.
   */
  statistics(levels: Float64Array) {
    const ofLevel = new Map<number, number>();
    const ofSize = new Map<number, number>();
    const sums = { total: 0, voxels: 0, small: 0, large: 0, low: 0, high: 0 };
    const both = { smallLow: 0, smallHigh: 0, largeLow: 0, largeHigh: 0 };
    for (const [key, count] of this.#counts) {
      const size = key % this.#sizes;
      const level = levels[Math.floor(key / this.#sizes) - 1]!;
      const [i, j] = [level * level, size * size];
      ofLevel.set(level, (ofLevel.get(level) ?? 0) + count);
      ofSize.set(size, (ofSize.get(size) ?? 0) + count);
      sums.total += count;
      sums.voxels += count * size;
      sums.small += count / j;
      sums.large += count * j;
      sums.low += count / i;
      sums.high += count * i;
      both.smallLow += count / (i * j);
      both.smallHigh += (count * i) / j;
      both.largeLow += (count * j) / i;
      both.largeHigh += count * i * j;
    }
    const { total, voxels, ...emphases } = sums;
    const mean = (value: number): number => value / total;
    const shares = Float64Array.from(this.#counts.values(), mean);
    const [levelSquares, sizeSquares] = [ofLevel, ofSize].map((margin) =>
      [...margin.values()].reduce((sum, count) => sum + count * count, 0),
    ) as [number, number];
    return {
      small: mean(emphases.small),
      large: mean(emphases.large),
      low: mean(emphases.low),
      high: mean(emphases.high),
      smallLow: mean(both.smallLow),
      smallHigh: mean(both.smallHigh),
      largeLow: mean(both.largeLow),
      largeHigh: mean(both.largeHigh),
      levelNonUniformity: levelSquares / total,
      levelNonUniformityNormalized: levelSquares / total ** 2,
      sizeNonUniformity: sizeSquares / total,
      sizeNonUniformityNormalized: sizeSquares / total ** 2,
      levelVariance: variance(ofLevel, total),
      sizeVariance: variance(ofSize, total),
      entropy: entropy(shares),
      percentage: total / voxels,
    };
  }
}

type SizeStatistics = ReturnType<SizeMatrix['statistics']>;

/** Statistics under the names that a class gives them. */
export function named(
  statistics: SizeStatistics,
  names: Readonly<Record<string, keyof SizeStatistics>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(names).map(([name, key]) => [name, statistics[key]]));
}

function variance(margin: ReadonlyMap<number, number>, total: number): number {
  let mean = 0;
  for (const [value, count] of margin) mean += (count / total) * value;
  let sum = 0;
  for (const [value, count] of margin) sum += (count / total) * (value - mean) ** 2;
  return sum;
}
