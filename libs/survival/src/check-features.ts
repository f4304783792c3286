import { HecktorError } from '@hecktor/errors';

/**
 * Throws unless there are as many features as a model takes.
 *
 * @throws HecktorError MODEL_MISMATCH
 */
export function assertFeatureCount(
  model: string,
  expected: number,
  features: ArrayLike<number>,
): void {
  if (features.length === expected) return;
  throw new HecktorError('MODEL_MISMATCH', {
    detail: `${model}: expected ${expected} features, got ${features.length}`,
    fix: 'use the model and the network, or the "features" of the recipe, of one export',
  });
}

/**
 * Throws for a missing value where a model takes none.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID naming the first feature that is missing.
 */
export function assertNoneMissing(
  model: string,
  names: readonly string[],
  features: ArrayLike<number>,
): void {
  const missing = names.find((_, i) => Number.isNaN(features[i]));
  if (missing === undefined) return;
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    detail: `${model}: "${missing}" is missing, and the model takes no missing value`,
    cause: 'the recipe passes a missing value on',
    fix: `say in the entry of "${missing}" under "features" what stands for a missing value`,
  });
}

/**
 * A risk that is a finite number.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID
 */
export function finiteRisk(model: string, risk: number): number {
  if (Number.isFinite(risk)) return risk;
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    detail: `${model}: no finite number for these features`,
    cause: 'a feature is infinite or far from those of training',
    fix: 'check the units of the features, and the mean and scale of their entries in the recipe',
  });
}
