import { HecktorError } from '@hecktor/errors';
import { nanMean, nanMedian } from './averages.ts';
import { predictIcare } from './predict-icare.ts';
import type { IcareBag } from './survival-schema.ts';

/**
 * The prediction of a bag: mean or median over its estimators, those that are NaN left out.
 *
 * @param features - As many float32 values as the bag was fitted on.
 * @returns Higher = earlier event.
 * @throws HecktorError MODEL_MISMATCH for another number of features; MODEL_OUTPUT_INVALID when no
 * estimator gives a finite number.
 */
export function predictBag(bag: IcareBag, features: Float32Array): number {
  assertFeatures(bag, features);
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

/** @throws HecktorError MODEL_MISMATCH */
export function assertFeatures(bag: IcareBag, features: Float32Array): void {
  if (features.length === bag.features) return;
  throw new HecktorError('MODEL_MISMATCH', {
    detail: `the bag of ICARE estimators takes ${bag.features} features, the network gives ${features.length}`,
    fix: 'use the network and the survival model of one export',
  });
}
