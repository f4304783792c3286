import { HecktorError } from '@hecktor/errors';
import { digestOf, findModels, readResource } from './model-file.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { LoadedRecipe, RecipeFormat, RecipeTask } from './recipe-format.ts';
import type { RecipeKind } from './recipe-schema.ts';
import { repeatedModels } from './repeated-models.ts';
import {
  assertFolder,
  describeResources,
  expectedRecipe,
  findResource,
  RECIPE_FILE,
  type ResourceFolders,
} from './resource-file.ts';

/** Options of {@link loadRecipe}. */
export interface LoadRecipeOptions {
  /** Name of the recipe within the folders. Default: pipeline.json. */
  readonly name?: string;
  /** The task that runs it; absent: what the recipe is used by is not checked. */
  readonly task?: RecipeTask;
}

/**
 * Loads `pipeline.json` and all that it names: models, the survival model, the recipe of a
 * segmentation that runs first. A file in the mounted model folder wins over one in `resources/`.
 *
 * @param format - Of the kind that the recipe must have: `SEGMENTATION` or `PREDICTION`.
 * @throws HecktorError RECIPE_MISSING, RECIPE_INVALID, MODEL_FILE_NOT_FOUND, CONFIG_INVALID for a
 * folder that is a file, or what the survival model's file is refused for.
 */
export async function loadRecipe<K extends RecipeKind>(
  folders: ResourceFolders,
  format: RecipeFormat<K>,
  options: LoadRecipeOptions = {},
): Promise<LoadedRecipe<K>> {
  const { name = RECIPE_FILE, task } = options;
  assertFolder(folders.modelFolder, 'HECKTOR_MODEL_FOLDER');
  assertFolder(folders.resources, 'HECKTOR_RESOURCES');
  const file = findResource(folders, name);
  if (file === undefined) {
    throw new HecktorError('RECIPE_MISSING', {
      file: expectedRecipe(folders, name),
      detail: describeResources(folders),
    });
  }
  const text = readResource(file, 'recipe');
  const recipe = parseRecipe(text.toString('utf8'), format, {
    file,
    ...(task !== undefined && { task }),
  });
  const models = findModels(
    folders,
    recipe.models.map((entry) => entry.file),
  );
  const parts = await format.loadParts(folders, recipe);
  const warnings = repeatedModels(recipe.models, models, parts.survival);
  return { recipe, file, sha256: digestOf(text), models, warnings, ...parts };
}
