import { labelMapOf } from '@hecktor/case-io';
import { loadRecipe, SEGMENTATION } from '@hecktor/recipe';
import { labelResult } from './label-result.ts';
import { checkNetworks } from './open-network.ts';
import { prepareSegmentation, runSegmentation } from './run-segmentation.ts';
import { logRecipe, serveCase, tensorResult } from './serve-case.ts';

/** The compute worker of a task whose output is a label map. Call it in the worker's entry file. */
export function serveSegmentation(): void {
  serveCase(async ({ task, folders, images, dumpTensor = false }, context) => {
    // Faults of the recipe or the models show before any image is read.
    const loaded = await context.timer.time('recipe', () =>
      loadRecipe(folders, SEGMENTATION, { task }),
    );
    logRecipe(loaded, context.log);
    await checkNetworks(loaded, SEGMENTATION);
    if (images === undefined) return { value: undefined };
    const output = labelMapOf(task);
    if (dumpTensor) {
      const { tensor } = await prepareSegmentation(images, loaded, context, output);
      return tensorResult(tensor, context);
    }
    const { labels, windows } = await runSegmentation(images, loaded, context, output);
    return labelResult(labels, { windows, seconds: context.timer.seconds() });
  });
}
