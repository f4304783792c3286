import type { Task } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import {
  loadRecipeOfKind,
  RECIPE_FORMATS,
  type LoadedRecipe,
  type RecipeKind,
} from '@hecktor/recipe';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';
import { checkFiles, type Weights } from './check-files.ts';
import { checkModels } from './check-models.ts';

/** Options of {@link checkResources}. */
export interface CheckResourcesOptions {
  /** The task that the recipe is for; absent: any. */
  task?: Task;
  /** Default: inside. */
  weights?: Weights;
  /** What the files of one archive may have together, bytes. Default: the document's 2 GB. */
  maxBytes?: number;
  /** Called with what is worth knowing but stops nothing. */
  onNote?: ((note: string) => void) | undefined;
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
  const loaded = await loadRecipeOfKind(
    { modelFolder: join(resources, '.no-mounted-models'), resources },
    task?.recipe.kind ?? (await kindOf(resources)),
    { ...(task && { task }) },
  );
  const labels = task?.output.kind === 'label-map' ? task.output.labels : undefined;
  const warnings = [...loaded.warnings, ...(await checkModels(loaded, labels))];
  for (const warning of warnings) onNote?.(`note: ${warning}`);
  const note = await unusedModels(resources, loaded);
  if (note !== undefined) onNote?.(note);
}

async function kindOf(resources: string): Promise<RecipeKind> {
  const file = join(resources, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((origin: unknown) => {
    throw new HecktorError('RECIPE_MISSING', { file, origin });
  });
  const kind = /"kind"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
  return kind in RECIPE_FORMATS ? (kind as RecipeKind) : 'segmentation';
}

/**
 * A sentence on the networks in `resources/` that no recipe names, such as those of an earlier
 * export: they do no harm but take room in the image. Undefined when there are none.
 */
async function unusedModels(
  resources: string,
  loaded: LoadedRecipe<RecipeKind>,
): Promise<string | undefined> {
  const used = new Set(await Promise.all(modelPaths(loaded).map((path) => realpath(path))));
  const files = (await filesIn(resources)).filter((file) => !/(^|\/)\./.test(file));
  const unused: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.onnx'))) {
    if (!used.has(await realpath(join(resources, file)))) unused.push(file);
  }
  if (unused.length === 0) return undefined;
  const taken = files.filter((file) => unused.some((name) => file.startsWith(name)));
  const sizes = await Promise.all(taken.map((file) => stat(join(resources, file))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  return `note: the recipe does not use ${unused.join(', ')} (${(bytes / 1e6).toFixed(1)} MB); remove what is not needed`;
}

function modelPaths({ models, segmentation }: LoadedRecipe<RecipeKind>): string[] {
  const own = models.map(({ path }) => path);
  return segmentation === undefined ? own : [...own, ...modelPaths(segmentation)];
}
