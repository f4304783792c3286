import { readClinicalRecord } from '@hecktor/case-io';
import type { ClinicalRecord } from '@hecktor/clinical';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { loadRecipe, predictionFormat, type PredictionRecipe } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import type { PredictionResult } from './case-job.ts';
import type { Head } from './head.ts';
import { checkNetworks } from './open-network.ts';
import { prepareInputs, runPrediction } from './run-prediction.ts';
import { logRecipe, serveCase, tensorResult } from './serve-case.ts';

/**
 * The compute worker of a task whose output is one value. Call it in the worker's entry file.
 *
 * @param heads - Those that the task takes.
 */
export function servePrediction(heads: readonly Head[]): void {
  const format = predictionFormat(heads.find((head) => head.loadSurvival)?.loadSurvival);
  serveCase(async ({ task, folders, images, clinicalRecord, dumpTensor = false }, context) => {
    // Faults of the recipe, the models or the record show before any image is read.
    const loaded = await context.timer.time('recipe', () => loadRecipe(folders, format, { task }));
    logRecipe(loaded, context.log);
    await checkNetworks(loaded, format);
    if (images === undefined) return { value: undefined };
    const record = recordFor(clinicalRecord, loaded.recipe, context.log);
    const head = heads.find(({ kind }) => kind === loaded.recipe.head.kind);
    if (head === undefined) {
      throw new HecktorError('INTERNAL', {
        detail: `${task.name} has no head ${loaded.recipe.head.kind}`,
      });
    }
    if (dumpTensor) {
      const { image } = await prepareInputs(images, loaded, record, context);
      if (image !== undefined) return tensorResult(image, context);
      throw new HecktorError('OPTION_INVALID', {
        detail: '--dump-tensor writes what networks see of the images, and no network sees any',
        cause: 'no entry of "models" in the recipe has "inputs.image"',
        fix: 'run without --dump-tensor',
      });
    }
    const { value, windows } = await runPrediction(images, loaded, head, record, context);
    const result: PredictionResult = {
      value,
      ...(loaded.segmentation !== undefined && { windows }),
      seconds: context.timer.seconds(),
    };
    return { value: result };
  });
}

/**
 * The clinical record of a case, as far as a recipe needs one. A case without a record is one whose
 * values are all missing. A record that is there and cannot be read ends the run where the recipe
 * has features: a patient imputed in silence would be a wrong answer in silence.
 *
 * @param file - ehr.json; undefined when the case has none.
 * @throws HecktorError INPUT_JSON_INVALID
 */
function recordFor(
  file: string | undefined,
  { features = [] }: Pick<PredictionRecipe, 'features'>,
  log: Log,
): ClinicalRecord {
  if (file === undefined) {
    if (features.length > 0) {
      log.warn('no clinical record (ehr.json): all its values are taken as missing');
    }
    return {};
  }
  try {
    const { record, warnings } = readClinicalRecord(file);
    for (const warning of warnings) log.warn('clinical record', { file, warning });
    return record;
  } catch (error) {
    if (!isHecktorError(error) || features.length > 0) throw error;
    const { detail: reason } = error;
    log.warn('the clinical record cannot be read; the recipe does not need it', { file, reason });
    return {};
  }
}
