export { doseThresholds, isComputed } from './computed-features.ts';
export { imagesOfStep } from './check-recipe.ts';
export { describeRecipe } from './describe-recipe.ts';
export type { HeadKind, HeadOf } from './head-schema.ts';
export { loadRecipe, type LoadRecipeOptions } from './load-recipe.ts';
export { digestsOf, type ModelDigests, type ModelFile } from './model-file.ts';
export { parseRecipe, type ParseRecipeOptions } from './parse-recipe.ts';
export { PREDICTION } from './prediction-format.ts';
export {
  PredictionRecipeSchema,
  type PredictionModelEntry,
  type PredictionRecipe,
} from './prediction-schema.ts';
export type {
  ExpectedModel,
  LoadedRecipe,
  LoadedSurvival,
  RecipeFormat,
  RecipeTask,
} from './recipe-format.ts';
export { expectedModel, loadRecipeOfKind } from './recipe-formats.ts';
export { recipeJsonSchema } from './recipe-json-schema.ts';
export { RECIPE_SCHEMAS, type RecipeKind, type RecipeOf } from './recipe-schema.ts';
export { findResource, type ResourceFolders } from './resource-file.ts';
export { checkClasses, SEGMENTATION, type Label } from './segmentation-format.ts';
export { SegmentationRecipeSchema, type SegmentationRecipe } from './segmentation-schema.ts';
