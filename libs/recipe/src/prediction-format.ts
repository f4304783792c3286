import { checkPrediction } from './check-prediction.ts';
import { outputWidth, type HeadKind } from './head-schema.ts';
import { loadNestedRecipe } from './load-recipe.ts';
import { PredictionRecipeSchema } from './prediction-schema.ts';
import type { ExpectedModel, FittedHead, LoadedStage, RecipeFormat } from './recipe-format.ts';
import type { ResourceFolders } from './resource-file.ts';
import { SEGMENTATION } from './segmentation-format.ts';
import { stagesOf, vectorWidth, type Stage } from './stages.ts';

/**
 * Reads the files that a head names.
 *
 * @throws HecktorError as reading them does; RECIPE_INVALID when they do not fit the stage.
 */
export type HeadLoader = (folders: ResourceFolders, stage: Stage) => FittedHead;

/**
 * Recipes whose networks give a risk or a class.
 *
 * @param loaders - What reads the files of heads, without those that a program's task does not take,
 * so that it does not hold their code.
 */
export function predictionFormat(
  loaders: Readonly<Partial<Record<HeadKind, HeadLoader>>> = {},
): RecipeFormat<'prediction'> {
  return {
    kind: 'prediction',
    schema: PredictionRecipeSchema,
    check: checkPrediction,
    modelsOf: (recipe) => stagesOf(recipe).flatMap(({ models }) => models),
    loadParts: async (folders, recipe, models) => {
      let first = 0;
      const stages = stagesOf(recipe).map((stage): LoadedStage => {
        const own = models.slice(first, (first += stage.models.length));
        return { stage, models: own, ...loaders[stage.head.kind]?.(folders, stage) };
      });
      if (recipe.segmentation === undefined) return { stages };
      const segmentation = await loadNestedRecipe(
        folders,
        SEGMENTATION,
        recipe.segmentation.recipe,
      );
      return { stages, segmentation };
    },
    expectedModel: ({ stages = [] }, index) => {
      let first = 0;
      const found = stages.find(({ stage }) => index < (first += stage.models.length))!;
      return expectedOfStage(found, index - first + found.stage.models.length);
    },
  };
}

/** What a stage says of its network number `index`. */
export function expectedOfStage({ stage, survival }: LoadedStage, index: number): ExpectedModel {
  const { inputs, output } = stage.models[index]!;
  const channels = stage.tensor?.channels.length ?? null;
  const width = outputWidth(stage.head, survival?.model.folds[index]?.bag.features);
  return {
    inputs: [
      ...(inputs.image === undefined
        ? []
        : [{ name: inputs.image, dims: [1, channels, ...tensorSize(stage)] }]),
      ...(inputs.features === undefined
        ? []
        : [{ name: inputs.features, dims: [1, vectorWidth(stage)] }]),
    ],
    outputs: [{ name: output, dims: [1, width] }],
  };
}

/** Axes of the tensor as far as the last step fixes them. */
function tensorSize({ preprocessing, tensor }: Stage): readonly (number | null)[] {
  const last = preprocessing.findLast(({ step }) =>
    ['resize-area', 'crop-region', 'crop-foreground', 'reorient', 'pad'].includes(step),
  );
  if (last?.step !== 'resize-area' || tensor === undefined) return [null, null, null];
  const [x, y, z] = last.size as readonly number[];
  return tensor.axes.map((axis) => ({ x, y, z })[axis] ?? null);
}
