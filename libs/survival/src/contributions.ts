import { predictIcare, signedScores } from './predict-icare.ts';
import { assertFeatures } from './predict-bag.ts';
import type { IcareBag } from './survival-schema.ts';

/** What one feature adds to a bag's prediction. */
export interface Contribution {
  /** Index among the network's features. */
  readonly feature: number;
  /** Positive: it speaks for an earlier event. */
  readonly contribution: number;
}

/**
 * What each used feature adds to the mean over a bag's estimators, in the unit of the prediction.
 * With `mean` aggregation and the constants of the estimators they sum to the prediction; with
 * `median` they explain the mean instead.
 *
 * @returns One entry per feature that any estimator uses, in rising order of the feature.
 * @throws HecktorError MODEL_MISMATCH for a wrong number of features.
 */
export function contributions(bag: IcareBag, features: Float32Array): Contribution[] {
  assertFeatures(bag, features);
  const counted = bag.estimators.filter((one) => !Number.isNaN(predictIcare(one, features)));
  const sums = new Map<number, number>();
  for (const estimator of counted) {
    const scores = signedScores(estimator, features);
    const count = scores.filter((score) => !Number.isNaN(score)).length;
    const share = count * estimator.stdPrediction * counted.length;
    scores.forEach((score, i) => {
      if (Number.isNaN(score)) return;
      const feature = estimator.usedFeatures[i]!;
      sums.set(feature, (sums.get(feature) ?? 0) + score / share);
    });
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([feature, contribution]) => ({ feature, contribution }));
}
