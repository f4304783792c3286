import type { Static } from 'typebox';
import { PredictionRecipeSchema } from './prediction-schema.ts';
import { SegmentationRecipeSchema } from './segmentation-schema.ts';

/** The schema of each kind of recipe. */
export const RECIPE_SCHEMAS = {
  segmentation: SegmentationRecipeSchema,
  prediction: PredictionRecipeSchema,
} as const;

/** The kinds of recipes. */
export type RecipeKind = keyof typeof RECIPE_SCHEMAS;
/** The recipe of a kind. */
export type RecipeOf<K extends RecipeKind> = Static<(typeof RECIPE_SCHEMAS)[K]>;
