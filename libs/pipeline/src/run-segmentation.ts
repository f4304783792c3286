import type { PlanReport } from '@hecktor/inference';
import { applyRules, imagesOfRule, type RuleImages } from '@hecktor/postprocessing';
import { invertLabels, type InvertedLogits } from '@hecktor/preprocessing';
import { cascadeLabels, type Label, type LoadedRecipe } from '@hecktor/recipe';
import { assertSameGrid, type Tensor, type Volume } from '@hecktor/volume';
import { decodeLogits } from './decode-logits.ts';
import { createFinishTime } from './finish-time.ts';
import { interimLabelResult } from './label-result.ts';
import { planMemory, type MemoryPlan } from './plan-memory.ts';
import { predictInSlabs } from './predict-in-slabs.ts';
import { predictLogits } from './predict-logits.ts';
import { prepareImages, prepareSlabs, wholeTensor } from './prepare-case.ts';
import type { PreparedCase, PreparedSlabs } from './prepare-case.ts';
import { readCase, type CaseImages, type CasePaths } from './read-case.ts';
import { stagesNamed, type RunContext } from './run-context.ts';

/** Of the time: a first stage looks at fewer voxels than the second one. */
const FIRST_STAGE_SHARE = 1 / 3;

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
  const images = await readCase(paths, context, loaded.recipe.intake);
  const prepared = await prepareStages(images, loaded, context, output);
  if (prepared.way === 'whole') await context.releaseImages?.();
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
): Promise<PreparedCase> {
  const images = await readCase(paths, context, loaded.recipe.intake);
  const prepared = await prepareStages(images, loaded, context, output);
  return prepared.way === 'whole' ? prepared : wholeTensor(prepared);
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

/**
 * A prepared case, how memory allows to go on, the windows of the first stage of a cascade, and the
 * images that rules look at, which stay in memory.
 */
type PreparedSegmentation = { readonly windows: number; readonly ruleImages: RuleImages } & (
  | (PreparedCase & { readonly way: 'whole' })
  | (PreparedSlabs & { readonly way: Exclude<MemoryPlan['way'], 'whole'> })
);

async function prepareStages(
  images: CaseImages,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  { grid }: LabelMapOutput,
): Promise<PreparedSegmentation> {
  const { recipe, segmentation } = loaded;
  const { cascade } = recipe;
  const prepare = async (given: CaseImages, windows: number): Promise<PreparedSegmentation> => {
    const { way } = planMemory(given, loaded, context);
    const names = recipe.postprocessing.flatMap(imagesOfRule);
    const ruleImages = Object.fromEntries(names.map((name) => [name, given[name]]));
    return way === 'whole'
      ? { ...(await prepareImages(given, recipe, context, grid)), windows, ruleImages, way }
      : { ...(await prepareSlabs(given, recipe, context, grid)), windows, ruleImages, way };
  };
  if (cascade === undefined || segmentation === undefined) return prepare(images, 0);
  const stages = stagesNamed('first stage', context, FIRST_STAGE_SHARE);
  const output = { labels: cascadeLabels(recipe) };
  const { labels, windows } = await segmentImages(images, segmentation, stages, output);
  return prepare({ ...images, [cascade.image]: labels }, windows);
}

async function segment(
  prepared: PreparedSegmentation,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  output: LabelMapOutput,
): Promise<Segmentation> {
  const predicted = await predict(prepared, loaded, context, output.labels);
  const labels = await finishLabels(predicted, prepared, loaded, context);
  if (!labels.data.some((label) => label !== 0)) {
    context.log.warn('the label map is empty: no tumour and no lymph node was found');
  }
  return { labels, windows: prepared.windows + predicted.windows };
}

/** Labels before the rules. The logits, which are large, are released when this returns. */
async function predict(
  prepared: PreparedSegmentation,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  wanted: readonly Label[] | undefined,
): Promise<InvertedLogits & { readonly windows: number }> {
  if (prepared.way !== 'whole') {
    const joint = prepared.way === 'joint-slabs';
    return predictInSlabs(prepared, loaded, context, { joint, labels: wanted });
  }
  const { recipe } = loaded;
  const { onInterim } = context;
  const time = createFinishTime(prepared.grid, prepared.target, {
    goLogitsBack: recipe.invert.logits !== undefined,
    threads: context.threads,
  });
  const onAnswer = async (logits: Tensor, windows: number, plan: PlanReport): Promise<void> => {
    const began = performance.now();
    const early = stagesNamed('interim', context);
    const decoded = await decodeLogits(logits, recipe, prepared, early);
    const labels = await finishLabels(decoded, prepared, loaded, early);
    const figures = { windows: prepared.windows + windows, seconds: context.timer.seconds(), plan };
    onInterim?.(interimLabelResult(labels, figures));
    time.took(performance.now() - began);
    context.log.info('there is an answer, better ones may follow', { windows });
  };
  const { ms: reserveMs, onPass } = time;
  const after = { reserveMs, onPass, ...(onInterim !== undefined && { onAnswer }) };
  const { logits, windows } = await predictLogits(prepared.tensor, loaded, context, after, wanted);
  return { ...(await decodeLogits(logits, recipe, prepared, context)), windows };
}

/**
 * Takes the labels back to the grid of the output. Rules run before, where there are fewer voxels; from
 * the first on that looks at an image they run after: steps may have cut the grid's tie to the world.
 */
async function finishLabels(
  { labels, records }: InvertedLogits,
  { target, ruleImages }: Pick<PreparedSegmentation, 'target' | 'ruleImages'>,
  { recipe: { postprocessing, invert } }: Pick<LoadedRecipe<'segmentation'>, 'recipe'>,
  { timer, onProgress }: Pick<RunContext, 'timer' | 'onProgress'>,
): Promise<Volume<Uint8Array>> {
  const looks = postprocessing.findIndex((rule) => imagesOfRule(rule).length > 0);
  const before = looks === -1 ? postprocessing : postprocessing.slice(0, looks);
  const after = postprocessing.slice(before.length);
  const kept = await timer.time('postprocessing', () => applyRules(labels, before));
  const inverted = await timer.time('inverting', () =>
    invertLabels(kept, records, target, invert, {
      onProgress: (fraction) => onProgress('inverting', fraction),
    }),
  );
  assertSameGrid(target, inverted);
  return timer.time('postprocessing', () => applyRules(inverted, after, ruleImages));
}
