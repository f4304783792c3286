import { STEP_SCHEMAS, type StepConfig } from '@hecktor/preprocessing';
import { Type, type Static, type TSchema } from 'typebox';
import { InferenceSchema, ModelSchema, RestoreSchema, TensorSchema } from './inference-schema.ts';
import { POSTPROCESSING_SCHEMAS, type PostprocessingStep } from './postprocessing-schema.ts';

/** A list of entries whose field `step` says which schema they follow. */
function steps<T>(schemas: readonly TSchema[], description: string) {
  const item = Type.Unsafe<T>({
    type: 'object',
    required: ['step'],
    discriminator: { propertyName: 'step' },
    oneOf: schemas,
  });
  return Type.Array(item, { maxItems: 64, description });
}

const common = {
  $schema: Type.Optional(
    Type.String({ description: 'Where editors find the schema, for completion.' }),
  ),
  version: Type.Literal(1, { description: 'Version of the recipe format.' }),
  name: Type.String({ minLength: 1, maxLength: 100, description: 'For the log.' }),
  description: Type.Optional(Type.String({ description: 'For people.' })),
  preprocessing: steps<StepConfig>(
    Object.values(STEP_SCHEMAS),
    'What is done with the images, in this order. Vectors are x, y, z.',
  ),
  tensor: TensorSchema,
};

/** A recipe of Task 1. */
export const SegmentationRecipeSchema = Type.Object(
  {
    ...common,
    task: Type.Literal('segmentation', { description: 'What the recipe is for.' }),
    models: Type.Array(ModelSchema, {
      minItems: 1,
      maxItems: 64,
      description: 'The networks; several are an ensemble.',
    }),
    inference: InferenceSchema,
    postprocessing: steps<PostprocessingStep>(
      POSTPROCESSING_SCHEMAS,
      'What is done with the label map, in this order, before it goes back onto the CT.',
    ),
    restore: RestoreSchema,
  },
  { additionalProperties: false, description: 'CT and PET to a label map.' },
);

/** A recipe of Tasks 2 and 3, as far as their images go. */
export const PredictionRecipeSchema = Type.Object(
  { ...common, task: Type.Literal('prediction', { description: 'What the recipe is for.' }) },
  { additionalProperties: false, description: 'CT and PET to a tensor.' },
);

/** The schema of each kind of recipe. */
export const RECIPE_SCHEMAS = {
  segmentation: SegmentationRecipeSchema,
  prediction: PredictionRecipeSchema,
} as const;

/** The kinds of recipes. */
export type RecipeTask = keyof typeof RECIPE_SCHEMAS;
/** A recipe of Task 1. */
export type SegmentationRecipe = Static<typeof SegmentationRecipeSchema>;
/** A recipe of Tasks 2 and 3. */
export type PredictionRecipe = Static<typeof PredictionRecipeSchema>;
/** The recipe of a task. */
export type RecipeOf<T extends RecipeTask> = Static<(typeof RECIPE_SCHEMAS)[T]>;
