import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import { nearMiss } from './near-miss.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { RecipeOf, RecipeTask } from './recipe-schema.ts';
import {
  describeResources,
  expectedRecipe,
  findResource,
  namesIn,
  RECIPE_FILE,
} from './resource-file.ts';
import type { ResourceFolders } from './resource-file.ts';

/** A model file that a recipe names. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal digest of the file. */
  readonly sha256: string;
}

/** A recipe and the files it needs, all of them there. */
export interface LoadedRecipe<T extends RecipeTask> {
  readonly recipe: RecipeOf<T>;
  readonly file: string;
  readonly sha256: string;
  /** In the order of `recipe.models`; empty for a recipe without models. */
  readonly models: readonly ModelFile[];
}

/**
 * Loads `pipeline.json` and finds its models. A file in the mounted model folder wins over one in
 * `resources/`.
 *
 * @throws HecktorError RECIPE_MISSING, RECIPE_INVALID or MODEL_FILE_NOT_FOUND.
 */
export async function loadRecipe<T extends RecipeTask>(
  folders: ResourceFolders,
  task: T,
): Promise<LoadedRecipe<T>> {
  const file = findResource(folders, RECIPE_FILE);
  if (file === undefined) {
    throw new HecktorError('RECIPE_MISSING', {
      file: expectedRecipe(folders),
      detail: describeResources(folders),
    });
  }
  const text = readRecipe(file);
  const recipe = parseRecipe(text.toString('utf8'), { task, file });
  const entries = 'models' in recipe ? recipe.models : [];
  const models: ModelFile[] = [];
  for (const entry of entries) models.push(await findModel(folders, entry.file));
  return { recipe, file, sha256: createHash('sha256').update(text).digest('hex'), models };
}

function readRecipe(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      cause: 'a folder has the name of the recipe, or permissions are missing',
      fix: 'put the recipe itself there, readable for the user of the container',
      origin: error,
    });
  }
}

async function findModel(folders: ResourceFolders, name: string): Promise<ModelFile> {
  const path = findResource(folders, name);
  if (path === undefined || !statSync(path).isFile()) {
    const near = path === undefined ? nearMiss(name, namesIn(folders)) : undefined;
    throw new HecktorError('MODEL_FILE_NOT_FOUND', {
      file: name,
      detail: path === undefined ? describeResources(folders) : 'it is not a file',
      ...(near !== undefined && {
        cause: 'the name in the recipe is misspelt',
        fix: `name "${near}" in the recipe, or add "${name}" to resources/, and build again`,
      }),
    });
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Buffer);
  }
  return { path, bytes: statSync(path).size, sha256: hash.digest('hex') };
}
