import type { Vec3 } from '@hecktor/volume';
import { symmetricEigenvalues } from '../symmetric-eigenvalues.ts';
import type { GreyLevels } from './grey-levels.ts';
import { meanOverDirections, offsetLength, offsetsOf, type Offset } from './neighbours.ts';
import type { Settings } from './params.ts';
import { entropy, EPSILON } from './size-matrix.ts';

/** PyRadiomics' `glcm`: how often two grey levels are neighbours. */
export function glcm(
  grey: GreyLevels,
  spacing: Vec3,
  settings: Settings,
  withMcc: boolean,
): Record<string, number> {
  const n = grey.levels.length;
  const offsets = offsetsOf(grey, settings);
  const countsOf = (offset: Offset) => neighbourCounts(grey, offset, settings.symmetricalGLCM);
  const { weightingNorm: norm } = settings;
  if (norm === undefined) {
    const all = offsets.flatMap((offset) => {
      const counts = countsOf(offset);
      // A direction without neighbours says nothing.
      return counts.some((count) => count > 0) ? [statistics(counts, grey.levels, withMcc)] : [];
    });
    return meanOverDirections(all);
  }
  const weighted = new Float64Array(n * n);
  for (const offset of offsets) {
    const weight = Math.exp(-(offsetLength(offset, spacing, norm) ** 2));
    countsOf(offset).forEach((count, i) => (weighted[i]! += weight * count));
  }
  return statistics(weighted, grey.levels, withMcc);
}

function neighbourCounts(
  { places, voxels, levels }: GreyLevels,
  { stride }: Offset,
  symmetric: boolean,
): Float64Array {
  const n = levels.length;
  const counts = new Float64Array(n * n);
  for (const at of voxels) {
    const other = places[at + stride]!;
    if (other > 0) counts[(places[at]! - 1) * n + other - 1]!++;
  }
  if (symmetric) {
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const both = counts[i * n + j]! + counts[j * n + i]!;
        counts[i * n + j] = both;
        counts[j * n + i] = both;
      }
    }
  }
  return counts;
}

/** Probabilities of pairs of levels, and of either level, of their sum and difference. */
interface Probabilities {
  readonly p: Float64Array;
  readonly px: Float64Array;
  readonly py: Float64Array;
  readonly sums: Float64Array;
  readonly differences: Float64Array;
}

function probabilities(counts: Float64Array, levels: Float64Array): Probabilities {
  const n = levels.length;
  const most = levels[n - 1]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const p = counts.map((count) => count / total);
  const [px, py] = [new Float64Array(n), new Float64Array(n)];
  const sums = new Float64Array(2 * most + 1);
  const differences = new Float64Array(most);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const share = p[i * n + j]!;
      if (share === 0) continue;
      px[i]! += share;
      py[j]! += share;
      sums[levels[i]! + levels[j]!]! += share;
      differences[Math.abs(levels[i]! - levels[j]!)]! += share;
    }
  }
  return { p, px, py, sums, differences };
}

function statistics(
  counts: Float64Array,
  levels: Float64Array,
  withMcc: boolean,
): Record<string, number> {
  const all = probabilities(counts, levels);
  const { p, px, py, sums, differences } = all;
  const n = levels.length;
  const [ux, uy] = [mean(px, levels), mean(py, levels)];
  const sum = { product: 0, prominence: 0, shade: 0, tendency: 0, covariance: 0, crossed: 0 };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const share = p[i * n + j]!;
      if (share === 0) continue;
      const [x, y] = [levels[i]! - ux, levels[j]! - uy];
      const both = x + y;
      sum.product += share * levels[i]! * levels[j]!;
      sum.tendency += share * both ** 2;
      sum.shade += share * both ** 3;
      sum.prominence += share * both ** 4;
      sum.covariance += share * x * y;
      sum.crossed -= share * Math.log2(px[i]! * py[j]! + EPSILON);
    }
  }
  const [varianceX, varianceY] = [central(px, levels, ux), central(py, levels, uy)];
  const deviations = Math.sqrt(varianceX) * Math.sqrt(varianceY);
  const hxy = entropy(p);
  const most = Math.max(entropy(px), entropy(py));
  const steps = Float64Array.from(differences, (_, k) => k);
  const average = mean(differences, steps);
  const byDifference = (weight: (k: number) => number): number =>
    differences.reduce((total, share, k) => total + share * weight(k), 0);
  return {
    Autocorrelation: sum.product,
    JointAverage: ux,
    ClusterProminence: sum.prominence,
    ClusterShade: sum.shade,
    ClusterTendency: sum.tendency,
    Contrast: byDifference((k) => k * k),
    Correlation: deviations === 0 ? 1 : sum.covariance / (deviations + EPSILON),
    DifferenceAverage: average,
    DifferenceEntropy: entropy(differences),
    DifferenceVariance: central(differences, steps, average),
    JointEnergy: p.reduce((total, share) => total + share * share, 0),
    JointEntropy: hxy,
    Imc1: most === 0 ? 0 : (hxy - sum.crossed) / most,
    Imc2: secondInformation(px, py, hxy),
    Idm: byDifference((k) => 1 / (1 + k * k)),
    ...(withMcc && { MCC: maximalCorrelation(all) }),
    Idmn: byDifference((k) => 1 / (1 + (k * k) / differences.length ** 2)),
    Id: byDifference((k) => 1 / (1 + k)),
    Idn: byDifference((k) => 1 / (1 + k / differences.length)),
    InverseVariance: byDifference((k) => (k === 0 ? 0 : 1 / (k * k))),
    MaximumProbability: p.reduce((highest, share) => Math.max(highest, share), 0),
    SumAverage: sums.reduce((total, share, k) => total + share * k, 0),
    SumEntropy: entropy(sums),
    SumSquares: varianceX,
  };
}

function mean(shares: Float64Array, values: Float64Array): number {
  return shares.reduce((sum, share, i) => sum + share * values[i]!, 0);
}

/** The second moment about a value. */
function central(shares: Float64Array, values: Float64Array, about: number): number {
  return shares.reduce((sum, share, i) => sum + share * (values[i]! - about) ** 2, 0);
}

function secondInformation(px: Float64Array, py: Float64Array, hxy: number): number {
  let hxy2 = 0;
  for (const x of px) for (const y of py) hxy2 -= x * y * Math.log2(x * y + EPSILON);
  return hxy2 === hxy ? 0 : Math.sqrt(1 - Math.exp(-2 * (hxy2 - hxy)));
}

/**
 * The root of the second largest eigenvalue of Q(i, j) = sum over k of p(i, k) p(j, k) / (px(i)
 * py(k)). The same eigenvalues has, but for PyRadiomics' epsilon, the symmetric matrix scaled by the
 * root of px; its symmetric part differs from theirs by the square of that epsilon's effect.
 */
function maximalCorrelation({ p, px, py }: Probabilities): number {
  const n = px.length;
  if (n < 2) return 1;
  const left = new Float64Array(n * n);
  const right = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const root = Math.sqrt(px[i]!);
    for (let k = 0; k < n; k++) {
      const share = p[i * n + k]!;
      if (share === 0) continue;
      left[i * n + k] = (share * root) / (px[i]! * py[k]! + EPSILON);
      right[k * n + i] = share / root;
    }
  }
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = product.subarray(i * n, (i + 1) * n);
    for (let k = 0; k < n; k++) {
      const weight = left[i * n + k]!;
      if (weight === 0) continue;
      for (let j = 0; j < n; j++) row[j]! += weight * right[k * n + j]!;
    }
  }
  const q = product.map((value, at) => (value + product[(at % n) * n + Math.floor(at / n)]!) / 2);
  return Math.sqrt(symmetricEigenvalues(q, n, 2)[1]!);
}
