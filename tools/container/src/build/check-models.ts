import { openModel } from '@hecktor/onnx';
import { expectedModel, type LoadedRecipe, type RecipeKind } from '@hecktor/recipe';

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
