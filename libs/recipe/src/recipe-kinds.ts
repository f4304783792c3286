import { loadRecipe, type LoadRecipeOptions } from './load-recipe.ts';
import { PREDICTION } from './load-survival.ts';
import type { ExpectedModel, LoadedRecipe, RecipeKind } from './recipe-format.ts';
import type { ResourceFolders } from './resource-file.ts';
import { SEGMENTATION } from './segmentation-format.ts';

/** All kinds of recipes, for tools; a program names the one that it runs. */
export const RECIPE_FORMATS = { segmentation: SEGMENTATION, prediction: PREDICTION } as const;

/**
 * Loads a recipe of a kind that is known at run time only.
 *
 * @throws HecktorError as {@link loadRecipe} does.
 */
export function loadRecipeOfKind(
  folders: ResourceFolders,
  kind: RecipeKind,
  options: LoadRecipeOptions = {},
): Promise<LoadedRecipe<RecipeKind>> {
  return kind === 'segmentation'
    ? loadRecipe(folders, SEGMENTATION, options)
    : loadRecipe(folders, PREDICTION, options);
}

/** What a recipe of any kind says of its network number `index`. */
export function expectedModel(
  { recipe, stages = [] }: Pick<LoadedRecipe<RecipeKind>, 'recipe' | 'stages'>,
  index: number,
): ExpectedModel {
  return recipe.kind === 'segmentation'
    ? SEGMENTATION.expectedModel({ recipe }, index)
    : PREDICTION.expectedModel({ recipe, stages }, index);
}

/** The published JSON Schema (draft 7) of `pipeline.json`; the field `kind` selects a branch. */
export function recipeJsonSchema(): Record<string, unknown> {
  const branches = Object.values(RECIPE_FORMATS);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'HECKTOR recipe',
    description: 'How a model was trained to see its input: pipeline.json, beside its weights.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: branches.map(({ kind }) => kind) } },
    allOf: branches.map(({ kind, schema }) => ({
      if: { properties: { kind: { const: kind } } },
      then: schema,
    })),
  };
  // Through text, so that nothing but plain JSON is left of TypeBox's objects.
  return JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
}
