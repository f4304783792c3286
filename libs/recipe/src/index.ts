export { DOSE_IMAGE, doseThresholds, isComputed } from './check-prediction.ts';
export { imagesOfStep } from './check-recipe.ts';
export type { EngineSettings } from './common-schema.ts';
export type { FallbackMask, FallbackValue } from './failure-schema.ts';
export type { FusionScale } from './fusion-schema.ts';
export { outputWidth, type HeadKind, type HeadOf } from './head-schema.ts';
export type { IntakePolicy } from './intake-schema.ts';
export { loadRecipe, type LoadRecipeOptions } from './load-recipe.ts';
export { digestsOf, type ModelDigests, type ModelFile } from './model-file.ts';
export { parseRecipe, type ParseRecipeOptions } from './parse-recipe.ts';
export { loadSurvival, PREDICTION } from './load-survival.ts';
export { loadCox, loadTrees } from './load-tabular.ts';
export { expectedOfStage, predictionFormat } from './prediction-format.ts';
export type { HeadLoader } from './prediction-format.ts';
export type { PredictionModelEntry, PredictionRecipe } from './prediction-schema.ts';
export type {
  ExpectedModel,
  LoadedRecipe,
  LoadedStage,
  LoadedSurvival,
  RecipeFormat,
  RecipeKind,
  RecipeOf,
  RecipeTask,
} from './recipe-format.ts';
export { readFallback } from './read-fallback.ts';
export { expectedModel, loadRecipeOfKind, RECIPE_FORMATS } from './recipe-kinds.ts';
export type { ResourceFolders } from './resource-file.ts';
export { cascadeLabels, checkClasses, SEGMENTATION, type Label } from './segmentation-format.ts';
export type { SegmentationRecipe } from './segmentation-schema.ts';
export { isStageAnswer, outputSources, stagesOf } from './stages.ts';
export type { Stage } from './stages.ts';
