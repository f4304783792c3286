import type { ClinicalRecord } from '@hecktor/clinical';
import type { LoadedRecipe } from '@hecktor/recipe';
import { prepareImages, type Axis } from '../segmentation/prepare-case.ts';
import { readCase, type CaseImages } from '../segmentation/read-case.ts';
import type { RunContext } from '../segmentation/run-context.ts';
import { computeValues } from './computed-values.ts';
import { decide, outputWidths } from './decide.ts';
import { featureVector } from './feature-vector.ts';
import { imagesForSteps, pathsToRead, usedImages, warnOfOutside } from './further-images.ts';
import { runNetworks, type NetworkInputs } from './run-networks.ts';

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
 * @param paths - Files of `ct`, `pet` and of the further images that the case has.
 * @param record - What is known of the patient; what is not there is a missing value.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runPrediction(
  paths: Readonly<Record<string, string>>,
  loaded: LoadedRecipe<'prediction'>,
  record: ClinicalRecord,
  context: RunContext,
): Promise<Prediction> {
  const { image, features, windows } = await prepareInputs(paths, loaded, record, context);
  await context.imagesDone?.();
  const outputs = await runNetworks({ image, features }, loaded, outputWidths(loaded), context);
  const value = await context.timer.time('deciding', () => decide(outputs, loaded, context));
  return { value, windows };
}

/** A function of its own, so that the images can be freed before the networks run. */
async function prepareInputs(
  paths: Readonly<Record<string, string>>,
  loaded: LoadedRecipe<'prediction'>,
  record: ClinicalRecord,
  context: RunContext,
): Promise<NetworkInputs & { windows: number }> {
  const { recipe } = loaded;
  let images: CaseImages | undefined = usedImages(
    await readCase(pathsToRead(paths, recipe, context), context),
    recipe,
    context,
  );
  warnOfOutside(images, context);
  const { values, windows } = await computeValues(images, loaded, context);
  const features = featureVector(record, values, recipe, context);
  if (recipe.models.every(({ inputs }) => inputs.image === undefined)) {
    return { image: undefined, features, windows };
  }
  const take = (): CaseImages => {
    const chosen = imagesForSteps(images!, recipe);
    images = undefined;
    return chosen;
  };
  const axes = recipe.tensor.axes as Axis[];
  const { tensor } = await prepareImages(
    take,
    { preprocessing: recipe.preprocessing, tensor: { ...recipe.tensor, axes } },
    context,
  );
  context.log.info('images prepared', { tensor: tensor.dims });
  return { image: tensor, features, windows };
}
