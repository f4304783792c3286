import type { LoadedRecipe, LoadedStage, Stage } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import { computeValues, type ComputedValues } from './computed-values.ts';
import { checkOptionalImages, imagesForSteps, usedImages } from './optional-images.ts';
import { checkMemory, type ImageLayout } from './plan-memory.ts';
import { prepareImages } from './prepare-case.ts';
import { readCase, type CaseImages, type CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';
import type { LabelMapOutput } from './run-segmentation.ts';

/** What the stages of a prediction work with. */
export interface PredictionInputs extends ComputedValues {
  /** What the networks of a stage see of the images, by {@link layoutKey}; none where none does. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** How a stage sees the images: stages with the same key see the same tensor. */
export function layoutKey({ preprocessing, tensor }: Stage): string {
  return JSON.stringify([preprocessing, tensor]);
}

/**
 * Reads a case and prepares what the networks of a recipe get; segments it first where a feature or
 * an output needs that.
 *
 * @param output - What the task says of the label map, where it is written too.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function prepareInputs(
  paths: CasePaths,
  loaded: LoadedRecipe<'prediction'>,
  context: RunContext,
  output?: LabelMapOutput,
): Promise<PredictionInputs> {
  const { recipe, stages = [] } = loaded;
  checkOptionalImages(paths, recipe, context);
  const images = usedImages(await readCase(paths, context, recipe.intake), recipe, context);
  const values = await computeValues(images, loaded, context, output);
  const tensors = new Map<string, Tensor>();
  const layouts = [...layoutsOf(stages)].map(([key, layout]) => ({
    ...{ key, layout, chosen: imagesForSteps(images, recipe, layout) },
  }));
  if (layouts.length > 0) {
    const chosen = Object.assign({}, ...layouts.map((one) => one.chosen)) as CaseImages;
    checkMemory(
      chosen,
      layouts.map(({ layout }) => ({ ...layout, inference: recipe.inference })),
      context,
    );
  }
  for (const { key, layout, chosen } of layouts) {
    const { tensor } = await prepareImages(chosen, layout, context);
    context.log.info('images prepared', { tensor: tensor.dims });
    tensors.set(key, tensor);
  }
  return { ...values, tensors };
}

/** The ways in which networks see the images, by {@link layoutKey}, in the order of the stages. */
function layoutsOf(stages: readonly LoadedStage[]): ReadonlyMap<string, ImageLayout> {
  const layouts = new Map<string, ImageLayout>();
  for (const { stage, models } of stages) {
    const { preprocessing, tensor } = stage;
    const own = models.filter((_, i) => stage.models[i]!.inputs.image !== undefined);
    if (own.length === 0 || tensor === undefined) continue;
    const key = layoutKey(stage);
    const before = layouts.get(key)?.models ?? [];
    layouts.set(key, { preprocessing, tensor, models: [...before, ...own] });
  }
  return layouts;
}
