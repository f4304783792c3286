import type { ClinicalRecord } from '@hecktor/clinical';
import { HecktorError } from '@hecktor/errors';
import type { PlanReport } from '@hecktor/inference';
import { outputSources, type LoadedRecipe, type LoadedStage } from '@hecktor/recipe';
import type { Volume } from '@hecktor/volume';
import { answerValues, valueOf, type Answer } from './answer.ts';
import type { AnswerResult } from './case-job.ts';
import type { Head } from './head.ts';
import { PlanMade } from './plan-made.ts';
import { prepareInputs } from './prepare-inputs.ts';
import type { CasePaths } from './read-case.ts';
import { stagesNamed, type RunContext } from './run-context.ts';
import type { LabelMapOutput } from './run-segmentation.ts';
import { runStage } from './run-stage.ts';
import { shareRuns } from './shared-runs.ts';

/** What a task wants of a prediction. */
export interface WantedOutputs {
  /** Names of its outputs. */
  readonly names: readonly string[];
  /** Its label map, if one of them is. */
  readonly labelMap?: LabelMapOutput;
}

/** The answers for a case, and figures for the log. */
export interface Prediction extends Pick<AnswerResult, 'values'> {
  /** Of the segmentation, where the recipe has one. */
  readonly labels?: Volume<Uint8Array>;
  /** Windows that went through the network of a segmentation; 0 without one. */
  readonly windows: number;
}

/**
 * Predicts one case: read the images, segment and measure if the recipe says so, prepare the tensor,
 * and run one stage after another: its features, its networks, its head.
 *
 * @param paths - Files of CT, PET and of the optional images that the case has.
 * @param heads - Those of the recipe's stages among them.
 * @param record - What is known of the patient; what is not there is a missing value.
 * @throws HecktorError naming what is wrong with the case, the recipe or a model.
 */
export async function runPrediction(
  paths: CasePaths,
  loaded: LoadedRecipe<'prediction'>,
  heads: readonly Head[],
  record: ClinicalRecord,
  context: RunContext,
  { names, labelMap }: WantedOutputs,
): Promise<Prediction> {
  const { recipe, stages = [] } = loaded;
  const inputs = await prepareInputs(paths, loaded, context, labelMap);
  const { labels, windows, tensors } = inputs;
  await context.releaseImages?.();
  const { onInterim, timer } = context;
  const sources = outputSources(recipe, names);
  const settings = { inference: recipe.inference, shared: shareRuns(stages) };
  const answers: Record<string, Answer> = {};
  let { values } = inputs;
  for (const [i, stage] of stages.entries()) {
    const { name, head } = stage.stage;
    // Only the last stage leaves nothing open; a label map would be compressed for each network.
    const isEarly = i === stages.length - 1 && context.plan === 'auto' && labelMap === undefined;
    const onAnswer = (answer: Answer, plan: PlanReport): void =>
      onInterim?.({
        value: {
          values: valuesOf(sources, { ...answers, [name]: answer }),
          ...{ seconds: timer.seconds(), plan },
        },
      });
    const answer = await runStage(
      stage,
      {
        ...{ tensors, values, record, earlier: answers, ...settings },
        head: headOf(heads, head.kind),
      },
      contextOf(stages.slice(i), context),
      isEarly && onInterim !== undefined ? onAnswer : undefined,
    );
    answers[name] = answer;
    values = { ...values, ...answerValues(name, answer) };
  }
  // Stages without networks have nothing to plan.
  if (context.planOnly === true) throw new PlanMade();
  return {
    ...{ values: valuesOf(sources, answers), windows },
    ...(labels !== undefined && { labels }),
  };
}

/** What each output gets; the label map is written apart. */
function valuesOf(
  sources: Readonly<Record<string, string>>,
  answers: Readonly<Record<string, Answer>>,
): AnswerResult['values'] {
  return Object.fromEntries(
    Object.entries(sources).flatMap(([output, stage]) => {
      const answer = answers[stage];
      return answer === undefined ? [] : [[output, valueOf(answer)]];
    }),
  );
}

/** Stages with names say so, and leave the networks of those after them their share of the time. */
function contextOf([stage, ...later]: readonly LoadedStage[], context: RunContext): RunContext {
  const { name } = stage!.stage;
  if (name === '') return context;
  const own = stage!.models.length;
  const all = later.reduce((sum, { models }) => sum + models.length, own);
  return stagesNamed(`stage ${name}`, context, own / Math.max(all, 1));
}

function headOf(heads: readonly Head[], kind: Head['kind']): Head {
  const head = heads.find((candidate) => candidate.kind === kind);
  if (head !== undefined) return head;
  throw new HecktorError('INTERNAL', { detail: `there is no head ${kind}` });
}
