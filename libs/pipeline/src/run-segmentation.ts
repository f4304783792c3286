import { applyRules } from '@hecktor/postprocessing';
import { invertLabels, labelsFromTensor } from '@hecktor/preprocessing';
import type { Label, LoadedRecipe } from '@hecktor/recipe';
import { assertSameGrid, type Volume } from '@hecktor/volume';
import { predictClasses } from './predict-classes.ts';
import { prepareCase, prepareImages, type PreparedCase } from './prepare-case.ts';
import type { CaseImages, CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';

/** A label map and figures for the log. */
export interface Segmentation {
  /** On the grid of the image that the output names, the CT. */
  readonly labels: Volume<Uint8Array>;
  /** Windows that went through a network. */
  readonly windows: number;
}

/** What the task says of the label map. */
export interface LabelMapOutput {
  /** The image whose grid it lies on. */
  readonly grid: string;
  readonly labels: readonly Label[];
}

/**
 * Segments one case: read, preprocess, slide windows for each model, combine, postprocess, and
 * bring the labels back onto the grid of the CT.
 *
 * @param output - Absent: the labels of the challenge on the grid of the CT.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runSegmentation(
  paths: CasePaths,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output?: LabelMapOutput,
): Promise<Segmentation> {
  const prepared = await prepareCase(paths, loaded.recipe, context, output?.grid);
  await context.releaseImages?.();
  return segment(prepared, loaded, context, output);
}

/**
 * Segments images that have been read.
 *
 * @throws HecktorError as {@link runSegmentation} does.
 */
export async function segmentImages(
  { ct, pet }: CaseImages,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
): Promise<Segmentation> {
  return segment(await prepareImages({ ct, pet }, loaded.recipe, context), loaded, context);
}

async function segment(
  { tensor, grid, target, records }: PreparedCase,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output?: LabelMapOutput,
): Promise<Segmentation> {
  const { log, timer } = context;
  const { recipe } = loaded;
  const { classes, windows } = await predictClasses(tensor, loaded, context, output?.labels);
  const predicted = await timer.time('postprocessing', () =>
    applyRules(
      labelsFromTensor(classes, tensor.dims.slice(2), recipe.tensor.axes, grid),
      recipe.postprocessing,
    ),
  );
  const labels = await timer.time('inverting', () =>
    invertLabels(predicted, records, target, recipe.invert, {
      onProgress: (fraction) => context.onProgress('inverting', fraction),
    }),
  );
  assertSameGrid(target, labels);
  if (!labels.data.some((label) => label !== 0)) {
    log.warn('the label map is empty: no tumour and no lymph node was found');
  }
  return { labels, windows };
}
