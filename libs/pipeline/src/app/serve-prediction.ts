import { loadRecipe } from '@hecktor/recipe';
import { PREDICTION_APPS } from '@hecktor/recipe';
import { runPrediction } from '../prediction/run-prediction.ts';
import type { PredictionResult } from './job.ts';
import { logRecipe } from './log-recipe.ts';
import { recordFor } from './record-for.ts';
import { serveCase } from './serve-case.ts';

/** The compute worker of Task 2: one case to a risk. Call it in the worker's entry file. */
export function serveRisk(): void {
  servePrediction('task2');
}

/** The compute worker of Task 3: one case to a class. Call it in the worker's entry file. */
export function serveHpv(): void {
  servePrediction('task3');
}

function servePrediction(task: keyof typeof PREDICTION_APPS): void {
  serveCase(async (job, context) => {
    // Faults of the recipe, the models or the record show before any image is read.
    const loaded = await context.timer.time('recipe', () =>
      loadRecipe(job.folders, 'prediction', { app: PREDICTION_APPS[task] }),
    );
    logRecipe(loaded, context.log);
    const record = recordFor(job.clinicalRecord, loaded.recipe, context.log);
    const { value, windows } = await runPrediction(job.images, loaded, record, context);
    const result: PredictionResult = {
      value,
      ...(loaded.segmentation !== undefined && { windows }),
      seconds: context.timer.seconds(),
    };
    return { value: result };
  });
}
