import { HecktorError } from '@hecktor/errors';
import { nanMean, nanMedian, sum } from './averages.ts';

/** How the risks of several folds become one. */
export type CombineMethod = 'median' | 'mean' | 'weighted-mean' | 'best';

export interface CombineOptions {
  readonly method: CombineMethod;
  /** One per risk, >= 0; need not sum to 1. Read by `weighted-mean` and `best`. */
  readonly weights: readonly number[];
}

/**
 * Combines the folds' risks: median, mean, mean by weight, or the fold of the highest weight (the
 * first of equals).
 *
 * @throws HecktorError INVALID_ARGUMENT for no risks, or weights that do not go with them.
 */
export function combineRisks(
  risks: readonly number[],
  { method, weights }: CombineOptions,
): number {
  if (risks.length === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'expected at least one risk, got none' });
  }
  switch (method) {
    case 'median':
      return nanMedian(risks);
    case 'mean':
      return nanMean(risks);
    case 'weighted-mean':
      return weightedMean(risks, usable(risks, weights));
    case 'best':
      return risks[indexOfMost(usable(risks, weights))]!;
  }
}

function usable(risks: readonly number[], weights: readonly number[]): readonly number[] {
  const fits =
    weights.length === risks.length &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    weights.some((weight) => weight > 0);
  if (fits) return weights;
  throw new HecktorError('INVALID_ARGUMENT', {
    detail: `expected ${risks.length} weights, none negative and one above 0, got [${weights.join(', ')}]`,
  });
}

/** Weights are normalised before they multiply, as NumPy's average gets them. */
function weightedMean(risks: readonly number[], weights: readonly number[]): number {
  const total = sum(weights);
  const shares = weights.map((weight) => weight / total);
  return sum(risks.map((risk, i) => risk * shares[i]!)) / sum(shares);
}

function indexOfMost(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}
