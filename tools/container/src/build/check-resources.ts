import { HecktorError } from '@hecktor/errors';
import { loadRecipe, RECIPE_SCHEMAS, type RecipeTask } from '@hecktor/pipeline/recipe';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Throws unless the container could run with these resources: nobody should learn that from a test
 * run, let alone from the platform.
 *
 * @throws HecktorError RECIPE_MISSING, RECIPE_INVALID or MODEL_FILE_NOT_FOUND.
 */
export async function checkResources(resources: string): Promise<void> {
  const nowhere = join(resources, '.no-mounted-models');
  await loadRecipe({ modelFolder: nowhere, resources }, await taskOf(resources));
}

async function taskOf(resources: string): Promise<RecipeTask> {
  const file = join(resources, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((origin: unknown) => {
    throw new HecktorError('RECIPE_MISSING', { file, origin });
  });
  const task = /"task"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
  return task in RECIPE_SCHEMAS ? (task as RecipeTask) : 'segmentation';
}
