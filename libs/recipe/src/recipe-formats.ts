import { loadRecipe, type LoadRecipeOptions } from './load-recipe.ts';
import { PREDICTION } from './prediction-format.ts';
import type { ExpectedModel, LoadedRecipe } from './recipe-format.ts';
import type { RecipeKind } from './recipe-schema.ts';
import type { ResourceFolders } from './resource-file.ts';
import { SEGMENTATION } from './segmentation-format.ts';

/**
 * Loads a recipe of a kind that is known at run time only, for tools.
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
  { recipe, survival }: Pick<LoadedRecipe<RecipeKind>, 'recipe' | 'survival'>,
  index: number,
): ExpectedModel {
  return recipe.kind === 'segmentation'
    ? SEGMENTATION.expectedModel({ recipe }, index)
    : PREDICTION.expectedModel({ recipe, ...(survival !== undefined && { survival }) }, index);
}
