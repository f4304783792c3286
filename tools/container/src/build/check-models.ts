import type { Task } from '@hecktor/case-io';
import { openModel } from '@hecktor/onnx';
import { checkClasses, expectedModel, type LoadedRecipe, type RecipeKind } from '@hecktor/recipe';

/**
 * Opens every network of a recipe, that of a segmentation before it too, and throws unless its
 * inputs and outputs are the ones that the recipe will feed and read, and its classes end as labels.
 *
 * @param output - Of the task, whose labels are wanted; absent: those of the challenge.
 * @returns One sentence for each label that can never come out.
 * @throws HecktorError MODEL_INVALID or MODEL_MISMATCH.
 */
export async function checkModels(
  loaded: LoadedRecipe<RecipeKind>,
  output?: Task['output'],
): Promise<string[]> {
  const { recipe, models, segmentation } = loaded;
  const labels = output?.kind === 'label-map' ? output.labels : undefined;
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
      warnings.push(...checkClasses(classes, recipe.postprocessing, labels));
    }
  }
  if (segmentation !== undefined) warnings.push(...(await checkModels(segmentation, output)));
  return [...new Set(warnings)];
}
