import { labelMapOf, readClinicalRecord } from '@hecktor/case-io';
import type { ClinicalRecord } from '@hecktor/clinical';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { loadRecipe, predictionFormat, type LoadedStage } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import type { AnswerResult } from './case-job.ts';
import type { Head } from './head.ts';
import { labelResult } from './label-result.ts';
import { checkNetworks } from './open-network.ts';
import { prepareInputs } from './prepare-inputs.ts';
import { runPrediction } from './run-prediction.ts';
import { logRecipe, serveCase, tensorResult } from './serve-case.ts';

/**
 * The compute worker of a task whose outputs are values, and a label map beside them. Call it in the
 * worker's entry file.
 *
 * @param heads - Those that the task takes.
 */
export function servePrediction(heads: readonly Head[]): void {
  const format = predictionFormat(
    Object.fromEntries(
      heads.flatMap(({ kind, load }) => (load === undefined ? [] : [[kind, load]])),
    ),
  );
  serveCase(async ({ task, folders, images, clinicalRecord, dumpTensor = false }, context) => {
    // Faults of the recipe, the models or the record show before any image is read.
    const loaded = await context.timer.time('recipe', () => loadRecipe(folders, format, { task }));
    logRecipe(loaded, context.log);
    await checkNetworks(loaded, format);
    if (images === undefined) return { value: undefined };
    const { stages = [], segmentation } = loaded;
    const record = recordFor(clinicalRecord, stages, context.log);
    if (dumpTensor) {
      const { tensors } = await prepareInputs(images, loaded, context);
      const [image] = tensors.values();
      if (image !== undefined) return tensorResult(image, context);
      throw new HecktorError('OPTION_INVALID', {
        detail: '--dump-tensor writes what networks see of the images, and no network sees any',
        cause: 'no entry of "models" in the recipe has "inputs.image"',
        fix: 'run without --dump-tensor',
      });
    }
    const labelMap = labelMapOf(task);
    const wanted = {
      names: task.outputs.map(({ name }) => name),
      ...(labelMap !== undefined && { labelMap }),
    };
    const prediction = await runPrediction(images, loaded, heads, record, context, wanted);
    const { values, labels, windows } = prediction;
    const result: AnswerResult = {
      values,
      ...(segmentation !== undefined && { windows }),
      seconds: context.timer.seconds(),
    };
    return labelMap === undefined ? { value: result } : labelResult(labels!, result);
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
  stages: readonly LoadedStage[],
  log: Log,
): ClinicalRecord {
  const isNeeded = stages.some(({ stage }) => stage.features.length > 0);
  if (file === undefined) {
    if (isNeeded) {
      log.warn('no clinical record (ehr.json): all its values are taken as missing');
    }
    return {};
  }
  try {
    const { record, warnings } = readClinicalRecord(file);
    for (const warning of warnings) log.warn('clinical record', { file, warning });
    return record;
  } catch (error) {
    if (!isHecktorError(error) || isNeeded) throw error;
    const { detail: reason } = error;
    log.warn('the clinical record cannot be read; the recipe does not need it', { file, reason });
    return {};
  }
}
