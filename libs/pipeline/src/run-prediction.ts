import type { ClinicalRecord } from '@hecktor/clinical';
import type { PlanReport } from '@hecktor/inference';
import type { LoadedRecipe } from '@hecktor/recipe';
import { createLog, type Log } from '@hecktor/runtime';
import { computeValues } from './computed-values.ts';
import { featureVector } from './feature-vector.ts';
import type { Head } from './head.ts';
import { checkOptionalImages, imagesForSteps, usedImages } from './optional-images.ts';
import { checkMemory } from './plan-memory.ts';
import { prepareImages } from './prepare-case.ts';
import { readCase, type CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';
import { runNetworks, type NetworkInputs } from './run-networks.ts';

/** What an early answer says is not the run's. */
const SILENT = createLog(() => undefined);

/** The answer for a case, and figures for the log. */
export interface Prediction {
  /** A risk, higher = earlier recurrence; or whether the case is of the positive class. */
  readonly value: number | boolean;
  /** Windows that went through the network of a segmentation; 0 without one. */
  readonly windows: number;
}

/**
 * Predicts one case: read the images, segment and measure if the recipe says so, prepare the
 * tensor and the feature vector, run each network, and take its output to the answer.
 *
 * @param paths - Files of CT, PET and of the optional images that the case has.
 * @param head - Of the kind that the recipe has.
 * @param record - What is known of the patient; what is not there is a missing value.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runPrediction(
  paths: CasePaths,
  loaded: LoadedRecipe<'prediction'>,
  head: Head,
  record: ClinicalRecord,
  context: RunContext,
): Promise<Prediction> {
  const { windows, ...inputs } = await prepareInputs(paths, loaded, record, context);
  await context.releaseImages?.();
  const answer = (outputs: readonly Float32Array[], log: Log): number | boolean => {
    const weights = loaded.recipe.models.map(({ weight }) => weight ?? 1).slice(0, outputs.length);
    return head.apply({ outputs, weights }, loaded, log);
  };
  const { onInterim, timer } = context;
  const onOutputs = (outputs: readonly Float32Array[], plan: PlanReport): void =>
    onInterim!({
      value: { value: answer(outputs, SILENT), seconds: timer.seconds(), plan },
    });
  const isEarly = context.plan === 'auto' && onInterim !== undefined;
  const outputs = await runNetworks(inputs, loaded, context, isEarly ? onOutputs : undefined);
  const value = await timer.time('applying head', () => answer(outputs, context.log));
  return { value, windows };
}

/**
 * Reads a case and prepares what the networks of a recipe get; segments it first where a feature
 * needs that.
 *
 * @throws HecktorError as {@link runPrediction} does.
 */
export async function prepareInputs(
  paths: CasePaths,
  loaded: LoadedRecipe<'prediction'>,
  record: ClinicalRecord,
  context: RunContext,
): Promise<NetworkInputs & { readonly windows: number }> {
  const { recipe } = loaded;
  checkOptionalImages(paths, recipe, context);
  const images = usedImages(await readCase(paths, context, recipe.intake), recipe, context);
  const { values, windows } = await computeValues(images, loaded, context);
  const features = featureVector(record, values, recipe, context);
  if (recipe.models.every(({ inputs }) => inputs.image === undefined)) {
    return { image: undefined, features, windows };
  }
  const chosen = imagesForSteps(images, recipe);
  checkMemory(chosen, loaded, context);
  const { tensor } = await prepareImages(chosen, recipe, context);
  context.log.info('images prepared', { tensor: tensor.dims });
  return { image: tensor, features, windows };
}
