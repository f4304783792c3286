import { labelMapOf, type Task } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { openModel } from '@hecktor/onnx';
import {
  cascadeLabels,
  checkClasses,
  expectedModel,
  loadRecipeOfKind,
  RECIPE_FORMATS,
  type Label,
  type LoadedRecipe,
  type RecipeKind,
} from '@hecktor/recipe';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';
import { checkFiles, type Weights } from './check-files.ts';

interface CheckResourcesOptions {
  /** Default: any. */
  task?: Task;
  /** Default: inside. */
  weights?: Weights;
  /** Called with what is worth knowing but stops nothing. */
  onNote?: ((note: string) => void) | undefined;
}

/** Of an archive, by the document. */
const MOST_BYTES = 2e9;

/** What an image with these resources needs. */
interface ResourceNeeds {
  /** Whether a recipe asks for OpenVINO. */
  readonly openVino: boolean;
}

/**
 * Throws unless the container could run with these resources: nobody should learn that from a test
 * run, let alone from the platform. ONNX Runtime opens the networks of OpenVINO as well, as it runs
 * them where there is no OpenVINO.
 */
export async function checkResources(
  resources: string,
  { task, weights = 'inside', onNote }: CheckResourcesOptions = {},
): Promise<ResourceNeeds> {
  const found = await stat(resources).catch(() => undefined);
  if (found?.isDirectory() === false) {
    throw new HecktorError('RECIPE_MISSING', {
      ...{ file: resources, detail: 'it is not a folder' },
      cause: 'the path of something else was given',
      fix: 'give the folder with pipeline.json and the weights',
    });
  }
  if (found !== undefined) await checkFiles(resources, weights, MOST_BYTES);
  const loaded = await loadRecipeOfKind(
    { modelFolder: join(resources, '.no-mounted-models'), resources },
    task?.recipe.kind ?? (await kindOf(resources)),
    { ...(task && { task }) },
  );
  const labels = task && labelMapOf(task)?.labels;
  const warnings = [...loaded.warnings, ...(await checkModels(loaded, labels))];
  for (const warning of warnings) onNote?.(`note: ${warning}`);
  const note = await unusedModels(resources, loaded);
  if (note !== undefined) onNote?.(note);
  const recipes = [loaded.recipe, loaded.segmentation?.recipe];
  return { openVino: recipes.some((recipe) => recipe?.inference?.engine === 'openvino') };
}

/**
 * Every network, that of a segmentation before it too, must fit its recipe. Returns a sentence for
 * each label that can never come out.
 */
async function checkModels(
  loaded: LoadedRecipe<RecipeKind>,
  labels?: readonly Label[],
): Promise<string[]> {
  const { recipe, models, segmentation } = loaded;
  const warnings: string[] = [];
  for (const [i, { path }] of models.entries()) {
    const { inputs, outputs } = expectedModel(loaded, i);
    const model = await openModel(path, {
      ...{ threads: 1, expectInput: inputs, expectOutput: outputs },
    });
    const classes = model.outputs.find(({ name }) => name === outputs[0]?.name)?.dims[1];
    await model.release();
    // A network may leave the number open; it is then known with the first window.
    if (recipe.kind === 'segmentation' && typeof classes === 'number') {
      warnings.push(...checkClasses(classes, recipe, labels));
    }
  }
  if (segmentation !== undefined) {
    const wanted = recipe.kind === 'segmentation' ? cascadeLabels(recipe) : labels;
    warnings.push(...segmentation.warnings, ...(await checkModels(segmentation, wanted)));
  }
  return [...new Set(warnings)];
}

async function kindOf(resources: string): Promise<RecipeKind> {
  const file = join(resources, 'pipeline.json');
  const text = await readFile(file, 'utf8').catch((origin: unknown) => {
    throw new HecktorError('RECIPE_MISSING', { file, origin });
  });
  const kind = /"kind"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
  return kind in RECIPE_FORMATS ? (kind as RecipeKind) : 'segmentation';
}

/** A sentence on the networks that no recipe names, such as those of an earlier export. */
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
