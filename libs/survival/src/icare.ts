import { HecktorError } from '@hecktor/errors';
import { nanMean, nanMedian } from './averages.ts';
import { assertFeatureCount } from './check-features.ts';
import type { IcareBag, IcareEstimator } from './survival-model.ts';

const BAG = 'bag of ICARE estimators';

/**
 * The prediction of a bag: mean or median over its estimators, those that are NaN left out. Higher =
 * earlier event.
 *
 * @throws HecktorError MODEL_MISMATCH for another number of features; MODEL_OUTPUT_INVALID when no
 * estimator gives a finite number.
 */
export function predictBag(bag: IcareBag, features: Float32Array): number {
  assertFeatureCount(BAG, bag.features, features);
  const predictions = bag.estimators.map((estimator) => predictIcare(estimator, features));
  const result = bag.aggregation === 'mean' ? nanMean(predictions) : nanMedian(predictions);
  if (!Number.isFinite(result)) {
    throw new HecktorError('MODEL_OUTPUT_INVALID', {
      detail: 'the bag of ICARE estimators gives no finite number for these features',
      cause: 'the network gave features that are NaN, infinite or far from those of its training',
      fix: 'check the export (parity report) and the preprocessing in the recipe',
    });
  }
  return result;
}

/**
 * The prediction of one ICARE estimator (Rebaud et al., "Simplicity is all you need: out-of-the-box
 * nnUNet followed by binary-weighted radiomic model", HECKTOR 2022): the mean of standardised
 * features, each with its sign, standardised again. Features are standardised in float32, all that
 * follows is float64, as the Python package computes it.
 *
 * @param features - All features of a network, float32.
 * @returns Higher = earlier event. NaN when every used feature is NaN; 1 when none is used.
 */
export function predictIcare(estimator: IcareEstimator, features: Float32Array): number {
  const { usedFeatures, meanPrediction, stdPrediction } = estimator;
  if (usedFeatures.length === 0) return 1;
  return (nanMean(signedScores(estimator, features)) - meanPrediction) / stdPrediction;
}

/** The standardised features of an estimator with their signs, in the order in which it uses them. */
function signedScores(estimator: IcareEstimator, features: Float32Array): number[] {
  const { usedFeatures, weights, mean, std } = estimator;
  return usedFeatures.map((feature, i) => {
    const centred = Math.fround(features[feature]! - Math.fround(mean[i]!));
    return Math.fround(centred / Math.fround(std[i]!)) * weights[i]!;
  });
}

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
  assertFeatureCount(BAG, bag.features, features);
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
