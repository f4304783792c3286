import type { GreyLevels } from './grey-levels.ts';
import type { Settings } from './params.ts';
import type { RegionValues } from './region.ts';
import { entropy } from './size-matrix.ts';

/** PyRadiomics' `firstorder`: of the values themselves; Entropy and Uniformity of grey levels. */
export function firstOrder(
  { values, spacing }: RegionValues,
  { counts }: Pick<GreyLevels, 'counts'>,
  { voxelArrayShift }: Pick<Settings, 'voxelArrayShift'>,
): Record<string, number> {
  const n = values.length;
  const sorted = values.slice().sort();
  const mean = sorted.reduce((sum, v) => sum + v, 0) / n;
  const [m2, m3, m4, deviation] = moments(sorted, mean);
  const energy = sorted.reduce((sum, v) => sum + (v + voxelArrayShift) ** 2, 0);
  const [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map((q) => quantile(sorted, q)) as [
    ...[number, number, number, number, number],
  ];
  const robust = sorted.filter((v) => v - p10 >= 0 && v - p90 <= 0);
  const robustMean = robust.reduce((sum, v) => sum + v, 0) / robust.length;
  const shares = counts.map((count) => count / n);
  return {
    Energy: energy,
    TotalEnergy: energy * spacing[0] * spacing[1] * spacing[2],
    Entropy: entropy(shares),
    Minimum: sorted[0]!,
    '10Percentile': p10,
    '90Percentile': p90,
    Maximum: sorted[n - 1]!,
    Mean: mean,
    Median: p50,
    InterquartileRange: p75 - p25,
    Range: sorted[n - 1]! - sorted[0]!,
    MeanAbsoluteDeviation: deviation,
    RobustMeanAbsoluteDeviation:
      robust.reduce((sum, v) => sum + Math.abs(v - robustMean), 0) / robust.length,
    RootMeanSquared: Math.sqrt(energy / n),
    StandardDeviation: Math.sqrt(m2),
    Skewness: m2 === 0 ? 0 : m3 / m2 ** 1.5,
    Kurtosis: m2 === 0 ? 0 : m4 / m2 ** 2,
    Variance: m2,
    Uniformity: shares.reduce((sum, share) => sum + share * share, 0),
  };
}

/** Second to fourth central moments and the mean absolute deviation. */
function moments(values: Float64Array, mean: number): [number, number, number, number] {
  let [m2, m3, m4, deviation] = [0, 0, 0, 0];
  for (const value of values) {
    const d = value - mean;
    const square = d * d;
    m2 += square;
    m3 += square * d;
    m4 += square * square;
    deviation += Math.abs(d);
  }
  const n = values.length;
  return [m2 / n, m3 / n, m4 / n, deviation / n];
}

/** NumPy's percentile with linear interpolation, rounded as it does. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  const t = at - below;
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}
