import { Type, type Static } from 'typebox';
import { commonFields, stepList } from './common-fields.ts';
import { InferenceSchema, ModelSchema, InvertSchema } from './inference-schema.ts';
import { POSTPROCESSING_SCHEMAS, type PostprocessingStep } from './postprocessing-schema.ts';
import { PredictionRecipeSchema } from './prediction-schema.ts';

export { PredictionRecipeSchema, type PredictionRecipe } from './prediction-schema.ts';

/** A recipe of Task 1. */
export const SegmentationRecipeSchema = Type.Object(
  {
    ...commonFields,
    kind: Type.Literal('segmentation', { description: 'What the recipe is for.' }),
    models: Type.Array(ModelSchema, {
      minItems: 1,
      maxItems: 64,
      description: 'The networks; several are an ensemble.',
    }),
    inference: InferenceSchema,
    postprocessing: stepList<PostprocessingStep>(
      POSTPROCESSING_SCHEMAS,
      'What is done with the label map, in this order, before it goes back onto the CT.',
    ),
    invert: InvertSchema,
  },
  { additionalProperties: false, description: 'CT and PET to a label map.' },
);

/** The schema of each kind of recipe. */
export const RECIPE_SCHEMAS = {
  segmentation: SegmentationRecipeSchema,
  prediction: PredictionRecipeSchema,
} as const;

/** The kinds of recipes. */
export type RecipeKind = keyof typeof RECIPE_SCHEMAS;
/** A recipe of Task 1. */
export type SegmentationRecipe = Static<typeof SegmentationRecipeSchema>;
/** The recipe of a task. */
export type RecipeOf<T extends RecipeKind> = Static<(typeof RECIPE_SCHEMAS)[T]>;
