import { labelsFromTensor, invertLabels } from '@hecktor/preprocessing';
import { assertSameGrid, type Volume } from '@hecktor/volume';
import type { LoadedRecipe } from '@hecktor/recipe';
import { postprocess } from './postprocess.ts';
import { predictClasses } from './predict-classes.ts';
import { prepareImages, type Axis } from './prepare-case.ts';
import { readCase, type CaseImages } from './read-case.ts';
import type { RunContext } from './run-context.ts';

/** A label map on the grid of the CT, and figures for the log. */
export interface Segmentation {
  readonly labels: Volume<Uint8Array>;
  /** Windows that went through a network. */
  readonly windows: number;
}

/**
 * Segments one case: read, preprocess, slide windows for each model, combine, postprocess, and
 * bring the labels back onto the grid of the CT.
 *
 * @param paths - Files of `ct` and `pet`.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runSegmentation(
  paths: { readonly ct: string; readonly pet: string },
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
): Promise<Segmentation> {
  const { ct, pet } = paths;
  return segmentImages(() => readCase({ ct, pet }, context), loaded, context);
}

/**
 * Segments images that another function reads, or that are there already.
 *
 * @param read - Gives `ct` and `pet`, in this order.
 * @throws HecktorError as {@link runSegmentation} does.
 */
export async function segmentImages(
  read: () => CaseImages | Promise<CaseImages>,
  { recipe, models }: LoadedRecipe<'segmentation'>,
  context: RunContext,
): Promise<Segmentation> {
  const predicted = await prepareAndPredict(read, { recipe, models }, context);
  const { classes, dims, grid, records, target, windows } = predicted;
  const axes = recipe.tensor.axes as Axis[];
  const labels = await context.timer.time('postprocessing', () =>
    postprocess(labelsFromTensor(classes, dims, axes, grid), recipe.postprocessing),
  );
  const restored = await context.timer.time('restoring', () =>
    invertLabels(labels, records, target, recipe.invert, {
      onProgress: (fraction) => context.onProgress('restoring', fraction),
    }),
  );
  assertSameGrid(target, restored);
  if (!restored.data.some((label) => label !== 0)) {
    context.log.warn('the label map is empty: no tumour and no lymph node was found');
  }
  return { labels: restored, windows };
}

/** A function of its own, so that the tensor can be freed before the labels are restored. */
async function prepareAndPredict(
  read: () => CaseImages | Promise<CaseImages>,
  { recipe, models }: Pick<LoadedRecipe<'segmentation'>, 'recipe' | 'models'>,
  context: RunContext,
) {
  const { tensor, grid, records, target } = await prepareImages(
    read,
    {
      preprocessing: recipe.preprocessing,
      tensor: { ...recipe.tensor, axes: recipe.tensor.axes as Axis[] },
    },
    context,
  );
  const { classes, windows } = await predictClasses(tensor, recipe, models, context);
  return { classes, windows, dims: tensor.dims.slice(2), grid, records, target };
}
