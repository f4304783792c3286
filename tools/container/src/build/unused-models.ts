import type { LoadedRecipe, RecipeKind } from '@hecktor/recipe';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';

/**
 * A sentence on the networks in `resources/` that no recipe names, such as those of an earlier
 * export: they do no harm but take room in the image. Undefined when there are none.
 */
export async function unusedModels(
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
