import { featureNames } from '@hecktor/clinical';
import { openModel, type ExpectedTensor } from '@hecktor/onnx';
import type { LoadedRecipe, RecipeKind } from '@hecktor/recipe';

/** What a network must take and give. */
export interface ExpectedModel {
  readonly inputs: readonly ExpectedTensor[];
  readonly outputs: readonly ExpectedTensor[];
}

/**
 * Opens every network of a recipe, that of a segmentation before it too, and throws unless its
 * inputs and outputs are the ones that the recipe will feed and read.
 *
 * @throws HecktorError MODEL_INVALID or MODEL_MISMATCH.
 */
export async function checkModels(loaded: LoadedRecipe<RecipeKind>): Promise<void> {
  for (const [i, { path }] of loaded.models.entries()) {
    const { inputs, outputs } = expectedModel(loaded, i);
    const model = await openModel(path, {
      ...{ threads: 1, expectInput: inputs, expectOutput: outputs },
    });
    await model.release();
  }
  if (loaded.segmentation !== undefined) await checkModels(loaded.segmentation);
}

/** What the recipe says of its network number `index`. */
export function expectedModel(
  { recipe, survival }: Pick<LoadedRecipe<RecipeKind>, 'recipe' | 'survival'>,
  index: number,
): ExpectedModel {
  const channels = recipe.tensor.channels.length;
  if (recipe.kind === 'segmentation') {
    const { input, output } = recipe.models[index]!;
    const { roi } = recipe.inference;
    return {
      inputs: [{ name: input, dims: [null, channels, ...roi] }],
      outputs: [{ name: output, dims: [null, null, ...roi] }],
    };
  }
  const { inputs, output } = recipe.models[index]!;
  const width = {
    icare: survival?.model.folds[index]?.bag.features ?? null,
    risk: 1,
    class: 2,
  }[recipe.head.kind];
  const features = featureNames(recipe.features ?? []).length;
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
function tensorSize({
  preprocessing,
  tensor,
}: LoadedRecipe<RecipeKind>['recipe']): readonly (number | null)[] {
  const last = preprocessing.findLast(({ step }) =>
    ['resize-area', 'crop-region', 'crop-foreground', 'reorient', 'pad'].includes(step),
  );
  if (last?.step !== 'resize-area') return [null, null, null];
  const [x, y, z] = last.size as readonly number[];
  return tensor.axes.map((axis) => ({ x, y, z })[axis] ?? null);
}
