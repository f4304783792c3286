import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { digestOf, findModels, readResource, type ModelFile } from './model-file.ts';
import { parseRecipe } from './parse-recipe.ts';
import type {
  LoadedRecipe,
  LoadedStage,
  NamedModel,
  RecipeFormat,
  RecipeKind,
  RecipeTask,
} from './recipe-format.ts';
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
  const entries = format.modelsOf(recipe);
  const models = findModels(
    folders,
    entries.map((entry) => entry.file),
  );
  const parts = await format.loadParts(folders, recipe, models);
  const warnings =
    parts.stages?.flatMap((stage) => repeatedModels(stage.stage.models, stage.models, stage)) ??
    repeatedModels(entries, models);
  return { recipe, file, sha256: digestOf(text), models, warnings, ...parts };
}

/**
 * Loads a recipe that another one names. Its models lie beside it, in the mounted model folder or in
 * `resources/`.
 *
 * @param name - The recipe, relative to the folders.
 * @throws HecktorError as {@link loadRecipe} does.
 */
export function loadNestedRecipe<K extends RecipeKind>(
  folders: ResourceFolders,
  format: RecipeFormat<K>,
  name: string,
): Promise<LoadedRecipe<K>> {
  const below = dirname(name);
  const nested = {
    modelFolder: join(folders.modelFolder, below),
    resources: join(folders.resources, below),
  };
  // Refuses a name, or a link, that leads out of the folders.
  if (findResource(folders, name) === undefined) {
    throw new HecktorError('RECIPE_MISSING', {
      file: expectedRecipe(folders, name),
      detail: describeResources(nested),
      cause: 'the recipe that names it was copied without it, or the name is misspelt',
      fix: `put ${name} beside the recipe that names it, with its models, and build again`,
    });
  }
  return loadRecipe(nested, format, { name: basename(name) });
}

/**
 * Networks and folds of an ensemble that are there twice, one sentence each. That is allowed, as it
 * weighs a member more, but mostly a copy of an entry in which the name was not changed.
 */
function repeatedModels(
  entries: readonly NamedModel[],
  models: readonly ModelFile[],
  { survival }: Pick<LoadedStage, 'survival'> = {},
): string[] {
  const networks = models.map(({ path }, i) => `${realpathSync(path)} ${entries[i]!.output}`);
  const folds = survival?.model.folds.map(({ bag }) => JSON.stringify(bag)) ?? [];
  return [
    ...repeats(networks).map(
      ([first, second]) =>
        `models[${first}] and models[${second}] are the same network, ${entries[second]!.file}`,
    ),
    ...repeats(folds).map(
      ([first, second]) => `folds ${first} and ${second} of the survival model are the same`,
    ),
  ];
}

function repeats(keys: readonly string[]): [number, number][] {
  return keys.flatMap((key, i): [number, number][] => {
    const first = keys.indexOf(key);
    return first === i ? [] : [[first, i]];
  });
}
