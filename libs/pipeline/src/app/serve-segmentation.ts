import { loadRecipe } from '@hecktor/recipe';
import { runSegmentation } from '../segmentation/run-segmentation.ts';
import type { LabelResult } from './job.ts';
import { logRecipe } from './log-recipe.ts';
import { serveCase } from './serve-case.ts';

/** The compute worker of Task 1: one case to a label map. Call it in the worker's entry file. */
export function serveSegmentation(): void {
  serveCase(async (job, context) => {
    // Faults of the recipe or the models show before any image is read.
    const loaded = await context.timer.time('recipe', () =>
      loadRecipe(job.folders, 'segmentation'),
    );
    logRecipe(loaded, context.log);
    const { ct = '', pet = '' } = job.images;
    const { labels, windows } = await runSegmentation({ ct, pet }, loaded, context);
    const { size, spacing, origin, direction, data } = labels;
    const value: LabelResult = {
      grid: { size, spacing, origin, direction },
      labels: data,
      windows,
      seconds: context.timer.seconds(),
    };
    return { value, transfer: data.buffer instanceof ArrayBuffer ? [data.buffer] : [] };
  });
}
