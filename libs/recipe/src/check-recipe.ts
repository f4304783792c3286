import { checkImageNames } from './check-image-names.ts';
import { checkPrediction, type PredictionApp } from './check-prediction.ts';
import type { PredictionRecipe, SegmentationRecipe } from './recipe-schema.ts';

/**
 * What a schema cannot say: names in one place that must exist in another, fields that only make
 * sense together.
 *
 * @param images - Names of the images that every case has.
 * @param app - What runs a prediction recipe; absent: not checked.
 * @returns One sentence per fault.
 */
export function checkRecipe(
  recipe: SegmentationRecipe | PredictionRecipe,
  images: readonly string[],
  app?: PredictionApp,
): string[] {
  const further = recipe.kind === 'prediction' ? Object.keys(recipe.inputs ?? {}) : [];
  const faults = checkImageNames(recipe, [...images, ...further]);
  if (recipe.models.every(({ weight }) => weight === 0)) {
    faults.push('models have weights that are all 0, expected at least one above 0');
  }
  if (!Number.isFinite(recipe.models.reduce((sum, { weight = 1 }) => sum + weight, 0))) {
    faults.push('models have weights whose sum is infinite, expected weights near 1');
  }
  return recipe.kind === 'prediction' ? [...faults, ...checkPrediction(recipe, app)] : faults;
}
