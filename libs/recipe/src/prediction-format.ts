import { featureNames } from '@hecktor/clinical';
import { checkPrediction } from './check-prediction.ts';
import { checkCommon } from './check-recipe.ts';
import { outputWidth } from './head-schema.ts';
import { loadNestedRecipe } from './load-recipe.ts';
import { PredictionRecipeSchema, type PredictionRecipe } from './prediction-schema.ts';
import type { ExpectedModel, LoadedRecipe, LoadedSurvival, RecipeFormat } from './recipe-format.ts';
import type { ResourceFolders } from './resource-file.ts';
import { SEGMENTATION } from './segmentation-format.ts';

/** Reads the survival model of the head `icare`, see `loadSurvival`. */
export type SurvivalLoader = (
  folders: ResourceFolders,
  name: string,
  networks: number,
) => LoadedSurvival;

/**
 * Recipes whose networks give a risk or a class.
 *
 * @param loadSurvival - Left out by a program whose task does not take the head `icare`, so that it
 * does not hold the code of survival models.
 */
export function predictionFormat(loadSurvival?: SurvivalLoader): RecipeFormat<'prediction'> {
  return {
    kind: 'prediction',
    schema: PredictionRecipeSchema,
    check: (recipe, task) => [
      ...checkCommon(recipe, task, Object.keys(recipe.inputs ?? {})),
      ...checkPrediction(recipe, task),
    ],
    loadParts: async (folders, { head, models, segmentation }) => ({
      ...(head.kind === 'icare' &&
        loadSurvival !== undefined && {
          survival: loadSurvival(folders, head.file, models.length),
        }),
      ...(segmentation !== undefined && {
        segmentation: await loadNestedRecipe(folders, SEGMENTATION, segmentation.recipe),
      }),
    }),
    expectedModel,
  };
}

function expectedModel(
  { recipe, survival }: Pick<LoadedRecipe<'prediction'>, 'recipe' | 'survival'>,
  index: number,
): ExpectedModel {
  const { inputs, output } = recipe.models[index]!;
  const channels = recipe.tensor.channels.length;
  const features = featureNames(recipe.features ?? []).length;
  const width = outputWidth(recipe.head, survival?.model.folds[index]?.bag.features);
  return {
    inputs: [
      ...(inputs.image === undefined
        ? []
        : [{ name: inputs.image, dims: [1, channels, ...tensorSize(recipe)] }]),
      ...(inputs.features === undefined ? [] : [{ name: inputs.features, dims: [1, features] }]),
    ],
    outputs: [{ name: output, dims: [1, width] }],
  };
}

/** Axes of the tensor as far as the last step fixes them. */
function tensorSize({ preprocessing, tensor }: PredictionRecipe): readonly (number | null)[] {
  const last = preprocessing.findLast(({ step }) =>
    ['resize-area', 'crop-region', 'crop-foreground', 'reorient', 'pad'].includes(step),
  );
  if (last?.step !== 'resize-area') return [null, null, null];
  const [x, y, z] = last.size as readonly number[];
  return tensor.axes.map((axis) => ({ x, y, z })[axis] ?? null);
}
