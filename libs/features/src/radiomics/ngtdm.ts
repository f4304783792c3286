import type { GreyLevels } from './grey-levels.ts';
import { bothWays, offsetsOf } from './neighbours.ts';
import type { Settings } from './params.ts';

/** PyRadiomics' `ngtdm`: how far grey levels are from the mean of their neighbours. */
export function ngtdm(grey: GreyLevels, settings: Settings): Record<string, number> {
  const { voxels, levels, counts } = grey;
  const differences = differencesOf(grey, bothWays(offsetsOf(grey, settings)));
  const p = counts.map((count) => count / voxels.length);
  const sumOfDifferences = differences.reduce((sum, s) => sum + s, 0);
  const coarse = p.reduce((sum, share, i) => sum + share * differences[i]!, 0);
  let [contrast, busy, complexity, strength] = [0, 0, 0, 0];
  // Each pair of levels counts twice.
  for (let i = 0; i < levels.length; i++) {
    for (let j = i + 1; j < levels.length; j++) {
      const apart = levels[j]! - levels[i]!;
      const both = p[i]! + p[j]!;
      contrast += 2 * p[i]! * p[j]! * apart * apart;
      busy += 2 * Math.abs(levels[i]! * p[i]! - levels[j]! * p[j]!);
      complexity += (2 * apart * (p[i]! * differences[i]! + p[j]! * differences[j]!)) / both;
      strength += 2 * both * apart * apart;
    }
  }
  const pairs = levels.length * (levels.length - 1);
  return {
    Coarseness: coarse === 0 ? 1e6 : 1 / coarse,
    Contrast: pairs === 0 ? 0 : (contrast * sumOfDifferences) / voxels.length / pairs,
    Busyness: busy === 0 ? 0 : coarse / busy,
    Complexity: complexity / voxels.length,
    Strength: sumOfDifferences === 0 ? 0 : strength / sumOfDifferences,
  };
}

/** Of each level, the sum over its voxels; one without neighbours has no difference. */
function differencesOf({ places, voxels, levels }: GreyLevels, strides: Int32Array): Float64Array {
  const sums = new Float64Array(levels.length);
  for (const at of voxels) {
    let [count, sum] = [0, 0];
    for (let i = 0; i < strides.length; i++) {
      const other = places[at + strides[i]!]!;
      if (other === 0) continue;
      count++;
      sum += levels[other - 1]!;
    }
    const place = places[at]! - 1;
    if (count > 0) sums[place]! += Math.abs(levels[place]! - sum / count);
  }
  return sums;
}
