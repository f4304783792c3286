import { openModel } from '@hecktor/onnx';
import {
  cascadeLabels,
  checkClasses,
  expectedModel,
  type Label,
  type LoadedRecipe,
  type RecipeKind,
} from '@hecktor/recipe';

/**
 * Opens every network of a recipe, that of a segmentation before it too, and throws unless its
 * inputs and outputs are the ones that the recipe will feed and read, and its classes end as labels.
 *
 * @param labels - Of the task; absent: those of the challenge.
 * @returns One sentence for each label that can never come out.
 * @throws HecktorError MODEL_INVALID or MODEL_MISMATCH.
 */
export async function checkModels(
  loaded: LoadedRecipe<RecipeKind>,
  labels?: readonly Label[],
): Promise<string[]> {
  const { recipe, models, segmentation } = loaded;
  const warnings: string[] = [];
  for (const [i, { path }] of models.entries()) {
    const { inputs, outputs } = expectedModel(loaded, i);
    const model = await openModel(path, {
      ...{ threads: 1, expectInput: inputs, expectOutput: outputs },
    });
    const classes = model.outputs.find(({ name }) => name === outputs[0]?.name)?.dims[1];
    await model.release();
    // A network may leave the number open; it is then known with the first window.
    if (recipe.kind === 'segmentation' && typeof classes === 'number') {
      warnings.push(...checkClasses(classes, recipe, labels));
    }
  }
  if (segmentation !== undefined) {
    const wanted = recipe.kind === 'segmentation' ? cascadeLabels(recipe) : labels;
    warnings.push(...segmentation.warnings, ...(await checkModels(segmentation, wanted)));
  }
  return [...new Set(warnings)];
}
