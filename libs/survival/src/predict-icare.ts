import { nanMean } from './averages.ts';
import type { IcareEstimator } from './survival-schema.ts';

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
export function signedScores(estimator: IcareEstimator, features: Float32Array): number[] {
  const { usedFeatures, weights, mean, std } = estimator;
  return usedFeatures.map((feature, i) => {
    const centred = Math.fround(features[feature]! - Math.fround(mean[i]!));
    return Math.fround(centred / Math.fround(std[i]!)) * weights[i]!;
  });
}
