import { applyRules } from '@hecktor/postprocessing';
import { invertLabels, type InvertedLogits } from '@hecktor/preprocessing';
import { cascadeLabels, type Label, type LoadedRecipe } from '@hecktor/recipe';
import { assertSameGrid, type Volume } from '@hecktor/volume';
import { decodeLogits } from './decode-logits.ts';
import { predictLogits } from './predict-logits.ts';
import { prepareImages, type PreparedCase } from './prepare-case.ts';
import { readCase, type CaseImages, type CasePaths } from './read-case.ts';
import { stagesNamed, type RunContext } from './run-context.ts';

/** A label map and figures for the log. */
export interface Segmentation {
  /** On the grid of the image that the output names, the CT. */
  readonly labels: Volume<Uint8Array>;
  /** Windows that went through a network. */
  readonly windows: number;
}

/** What the task says of the label map. */
export interface LabelMapOutput {
  /** The image whose grid it lies on. Default: ct. */
  readonly grid?: string;
  /** Default: those of the challenge. */
  readonly labels?: readonly Label[] | undefined;
}

/**
 * Segments one case: read, preprocess, slide windows for each model, combine, postprocess, and
 * bring the labels back onto the grid of the CT. A cascade does so twice.
 *
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runSegmentation(
  paths: CasePaths,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output: LabelMapOutput = {},
): Promise<Segmentation> {
  const prepared = await prepareSegmentation(paths, loaded, context, output);
  await context.releaseImages?.();
  return segment(prepared, loaded, context, output);
}

/**
 * Reads a case and prepares the tensor that the networks of a recipe see; a cascade runs its first
 * stage for it.
 *
 * @throws HecktorError as {@link runSegmentation} does.
 */
export async function prepareSegmentation(
  paths: CasePaths,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output: LabelMapOutput = {},
): Promise<PreparedSegmentation> {
  return prepareStages(await readCase(paths, context), loaded, context, output);
}

/**
 * Segments images that have been read.
 *
 * @throws HecktorError as {@link runSegmentation} does.
 */
export async function segmentImages(
  images: CaseImages,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output: LabelMapOutput = {},
): Promise<Segmentation> {
  return segment(await prepareStages(images, loaded, context, output), loaded, context, output);
}

/** A prepared case and the windows of the first stage of a cascade. */
interface PreparedSegmentation extends PreparedCase {
  readonly windows: number;
}

async function prepareStages(
  images: CaseImages,
  { recipe, segmentation }: LoadedRecipe<'segmentation'>,
  context: RunContext,
  { grid }: LabelMapOutput,
): Promise<PreparedSegmentation> {
  const { cascade } = recipe;
  if (cascade === undefined || segmentation === undefined) {
    return { ...(await prepareImages(images, recipe, context, grid)), windows: 0 };
  }
  const stages = stagesNamed('first stage', context);
  const output = { labels: cascadeLabels(recipe) };
  const { labels, windows } = await segmentImages(images, segmentation, stages, output);
  const both = { ...images, [cascade.image]: labels };
  return { ...(await prepareImages(both, recipe, context, grid)), windows };
}

async function segment(
  prepared: PreparedSegmentation,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output: LabelMapOutput,
): Promise<Segmentation> {
  const { log, timer } = context;
  const { recipe } = loaded;
  const { target } = prepared;
  const predicted = await predict(prepared, loaded, context, output.labels);
  const kept = await timer.time('postprocessing', () =>
    applyRules(predicted.labels, recipe.postprocessing),
  );
  const labels = await timer.time('inverting', () =>
    invertLabels(kept, predicted.records, target, recipe.invert, {
      onProgress: (fraction) => context.onProgress('inverting', fraction),
    }),
  );
  assertSameGrid(target, labels);
  if (!labels.data.some((label) => label !== 0)) {
    log.warn('the label map is empty: no tumour and no lymph node was found');
  }
  return { labels, windows: prepared.windows + predicted.windows };
}

/** Labels before the rules. The logits, which are large, are released when this returns. */
async function predict(
  prepared: PreparedCase,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  wanted: readonly Label[] | undefined,
): Promise<InvertedLogits & { readonly windows: number }> {
  const { logits, windows } = await predictLogits(prepared.tensor, loaded, context, wanted);
  return { ...(await decodeLogits(logits, loaded.recipe, prepared, context)), windows };
}
