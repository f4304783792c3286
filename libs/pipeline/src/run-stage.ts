import type { ClinicalRecord } from '@hecktor/clinical';
import type { PlanReport } from '@hecktor/inference';
import type { LoadedStage } from '@hecktor/recipe';
import { createLog, type Log } from '@hecktor/runtime';
import type { Answer } from './answer.ts';
import { featureVector } from './feature-vector.ts';
import type { Head, Members } from './head.ts';
import { layoutKey, type PredictionInputs } from './prepare-inputs.ts';
import type { RunContext } from './run-context.ts';
import { runNetworks, type NetworkSettings } from './run-networks.ts';

/** What an early answer says is not the run's. */
const SILENT = createLog(() => undefined);

/** What a stage works with. */
interface StageInputs extends Pick<PredictionInputs, 'tensors' | 'values'>, NetworkSettings {
  /** What is known of the patient; what is not there is a missing value. */
  readonly record: ClinicalRecord;
  /** What the stages before it answered, by their names. */
  readonly earlier: Readonly<Record<string, Answer>>;
  /** Of the kind that the stage has. */
  readonly head: Head;
}

/**
 * Runs a stage: encodes its features, runs its networks, and takes what they give to its answer.
 *
 * @param onAnswer - Given the answer of the networks so far, after each but the last.
 * @throws HecktorError naming what is wrong with the recipe or a model.
 */
export async function runStage(
  loaded: LoadedStage,
  { tensors, values, record, earlier, head, ...settings }: StageInputs,
  context: RunContext,
  onAnswer?: (answer: Answer, plan: PlanReport) => void,
): Promise<Answer> {
  const { stage, survival } = loaded;
  const { name } = stage;
  if (name !== '') context.log.info('stage', { stage: name, head: head.kind });
  const features = featureVector(record, values, stage, context);
  const given: Omit<Members, 'outputs' | 'weights'> = {
    ...(features !== undefined && { features: features.numbers }),
    earlier,
  };
  const answer = (outputs: readonly Float32Array[], log: Log): Answer => {
    const weights = outputs.map((_, i) => stage.models[i]?.weight ?? 1);
    return head.apply({ ...given, outputs, weights }, loaded, log);
  };
  let outputs: readonly Float32Array[];
  if (stage.models.length === 0) {
    const vector = Float32Array.from(features?.numbers ?? []);
    outputs = Array.from({ length: survival?.model.folds.length ?? 1 }, () => vector);
  } else {
    const inputs = { image: tensors.get(layoutKey(stage)), features: features?.tensor };
    const onOutputs = (some: readonly Float32Array[], plan: PlanReport): void =>
      onAnswer?.(answer(some, SILENT), plan);
    outputs = await runNetworks(inputs, loaded, settings, context, onOutputs);
  }
  return context.timer.time('applying head', () => answer(outputs, context.log));
}
