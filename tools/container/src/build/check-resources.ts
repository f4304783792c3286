import { readTask } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { loadRecipeOfKind, RECIPE_SCHEMAS, type RecipeKind } from '@hecktor/recipe';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFiles } from './check-files.ts';
import { checkModels } from './check-models.ts';
import { unusedModels } from './unused-models.ts';
import type { Weights } from './weights.ts';

/** Options of {@link checkResources}. */
export interface CheckResourcesOptions {
  /** Name of the task's app; absent: whether the recipe is one for it is not checked. */
  task?: string;
  /** Default: inside. */
  weights?: Weights;
  /** What the files of one archive may have together, bytes. Default: the document's 2 GB. */
  maxBytes?: number;
  /** Called with what is worth knowing but stops nothing. */
  onNote?: (note: string) => void;
}

/**
 * Throws unless the container could run with these resources: nobody should learn that from a test
 * run, let alone from the platform.
 *
 * @throws HecktorError RECIPE_MISSING, RECIPE_INVALID, MODEL_FILE_NOT_FOUND, MODEL_INVALID,
 * MODEL_MISMATCH, or for files that cannot be meant to be shipped as {@link checkFiles} does.
 */
export async function checkResources(
  resources: string,
  { task, weights = 'inside', maxBytes = 2e9, onNote }: CheckResourcesOptions = {},
): Promise<void> {
  const found = await stat(resources).catch(() => undefined);
  if (found?.isDirectory() === false) {
    throw new HecktorError('RECIPE_MISSING', {
      ...{ file: resources, detail: 'it is not a folder' },
      cause: 'the path of something else was given',
      fix: 'give the folder with pipeline.json and the weights',
    });
  }
  if (found !== undefined) await checkFiles(resources, { weights, maxBytes });
  const nowhere = join(resources, '.no-mounted-models');
  const facts = task === undefined ? undefined : readTask(`apps/${task}/task.json`);
  const kind = facts?.recipe.kind ?? (await taskOf(resources));
  const loaded = await loadRecipeOfKind(
    { modelFolder: nowhere, resources },
    kind,
    facts === undefined ? {} : { task: facts },
  );
  for (const warning of loaded.warnings) onNote?.(`note: ${warning}`);
  await checkModels(loaded);
  const note = await unusedModels(resources, loaded);
  if (note !== undefined) onNote?.(note);
}

async function taskOf(resources: string): Promise<RecipeKind> {
  const file = join(resources, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((origin: unknown) => {
    throw new HecktorError('RECIPE_MISSING', { file, origin });
  });
  const task = /"kind"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
  return task in RECIPE_SCHEMAS ? (task as RecipeKind) : 'segmentation';
}
