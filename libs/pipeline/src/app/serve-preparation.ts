import { HecktorError } from '@hecktor/errors';
import { loadRecipe } from '../recipe/load-recipe.ts';
import { prepareCase, type Axis } from '../segmentation/prepare-case.ts';
import { logRecipe } from './log-recipe.ts';
import { serveCase } from './serve-case.ts';

/**
 * The compute worker of Tasks 2 and 3 as far as they go: it reads and prepares the images by the
 * recipe and then refuses, as nothing is there that could predict.
 */
export function servePreparation(): void {
  serveCase(async (job, context) => {
    const loaded = await context.timer.time('recipe', () => loadRecipe(job.folders, 'prediction'));
    logRecipe(loaded, context.log);
    const { preprocessing, tensor } = loaded.recipe;
    const axes = tensor.axes as Axis[];
    const prepared = await prepareCase(
      job.images,
      { preprocessing, tensor: { ...tensor, axes } },
      context,
    );
    context.log.info('images prepared', { tensor: prepared.tensor.dims });
    throw new HecktorError('TASK_NOT_AVAILABLE', {
      detail: 'the images were read and prepared, but there is no prediction model',
    });
  });
}
