import type { SurvivalModel } from '@hecktor/survival';
import { HecktorError } from '@hecktor/errors';
import { digestOf, findModels, readResource, type ModelFile } from './model-file.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { PredictionApp } from './check-prediction.ts';
import { loadSegmentation } from './load-segmentation.ts';
import { loadSurvival } from './load-survival.ts';
import type { PredictionRecipe, RecipeOf, RecipeKind } from './recipe-schema.ts';
import {
  describeResources,
  expectedRecipe,
  findResource,
  RECIPE_FILE,
  type ResourceFolders,
} from './resource-file.ts';

export type { ModelFile } from './model-file.ts';

/** A fitted survival model that a recipe names. */
export interface LoadedSurvival {
  readonly model: SurvivalModel;
  readonly file: string;
  readonly sha256: string;
}

/** A recipe and the files it needs, all of them there. */
export interface LoadedRecipe<T extends RecipeKind> {
  readonly recipe: RecipeOf<T>;
  readonly file: string;
  readonly sha256: string;
  /** In the order of `recipe.models`. */
  readonly models: readonly ModelFile[];
  /** Of a prediction recipe with the head `icare`. */
  readonly survival?: LoadedSurvival;
  /** Of a prediction recipe that segments first. */
  readonly segmentation?: LoadedRecipe<'segmentation'>;
}

/** Options of {@link loadRecipe}. */
export interface LoadRecipeOptions {
  /** Name of the recipe within the folders. Default: pipeline.json. */
  readonly name?: string;
  /** What a prediction recipe must be for; absent: not checked. */
  readonly app?: PredictionApp;
}

/**
 * Loads `pipeline.json` and all that it names: models, the survival model, the recipe of a
 * segmentation that runs first. A file in the mounted model folder wins over one in `resources/`.
 *
 * @throws HecktorError RECIPE_MISSING, RECIPE_INVALID, MODEL_FILE_NOT_FOUND, or what the survival
 * model's file is refused for.
 */
export async function loadRecipe<T extends RecipeKind>(
  folders: ResourceFolders,
  kind: T,
  options: LoadRecipeOptions = {},
): Promise<LoadedRecipe<T>> {
  const { name = RECIPE_FILE, app } = options;
  const file = findResource(folders, name);
  if (file === undefined) {
    throw new HecktorError('RECIPE_MISSING', {
      file: expectedRecipe(folders, name),
      detail: describeResources(folders),
    });
  }
  const text = readResource(file, 'recipe');
  const recipe = parseRecipe(text.toString('utf8'), {
    kind,
    file,
    ...(app !== undefined && { app }),
  });
  const models = findModels(
    folders,
    recipe.models.map((entry) => entry.file),
  );
  const further = recipe.kind === 'prediction' ? await loadFurther(folders, recipe) : {};
  return { recipe, file, sha256: digestOf(text), models, ...further };
}

async function loadFurther(
  folders: ResourceFolders,
  { head, models, segmentation }: PredictionRecipe,
): Promise<Pick<LoadedRecipe<'prediction'>, 'survival' | 'segmentation'>> {
  return {
    ...(head.kind === 'icare' && { survival: loadSurvival(folders, head.file, models.length) }),
    ...(segmentation !== undefined && {
      segmentation: await loadSegmentation(folders, segmentation.recipe),
    }),
  };
}
