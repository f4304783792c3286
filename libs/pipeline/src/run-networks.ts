import type { PlanReport, Share } from '@hecktor/inference';
import type { Tensor } from '@hecktor/volume';
import type { ExpectedTensor } from '@hecktor/onnx';
import { HecktorError } from '@hecktor/errors';
import { openNetwork } from './open-network.ts';
import { PlanMade } from './plan-made.ts';
import { outputWidth, type LoadedStage, type PredictionModelEntry } from '@hecktor/recipe';
import type { EngineSettings, ModelFile } from '@hecktor/recipe';
import type { RunContext } from './run-context.ts';
import type { NetworkOutputs, shareRuns, SharedRun } from './shared-runs.ts';

/** What networks may be given. */
interface NetworkInputs {
  /** (1, C, a, b, c); undefined when no network takes it. */
  readonly image: Tensor | undefined;
  /** (1, F); undefined when the recipe has no features. */
  readonly features: Tensor | undefined;
}

/** How networks run. */
export interface NetworkSettings {
  /**
   * What runs the networks that see images; those of features alone are ONNX Runtime's, which knows
   * the operators of trees.
   */
  readonly inference?: EngineSettings | undefined;
  /** See {@link shareRuns}. */
  readonly shared: ReturnType<typeof shareRuns>;
}

/** Networks after the slowest so far must fit this much slower; the head takes next to nothing. */
const SAFETY = 1.1;
const RESERVE_MS = 1000;

/**
 * Runs every network of a stage once, one loaded after the other has been released; where the run's
 * plan is `auto`, as many as the time does for, at least one of a weight above 0.
 *
 * @param onOutputs - Given the outputs so far, after each network but the last.
 * @returns Their outputs in the order of the stage, all numbers finite.
 * @throws HecktorError as opening and running a model do; PlanMade where only the plan is wanted.
 */
export async function runNetworks(
  given: NetworkInputs,
  loaded: LoadedStage,
  { inference, shared }: NetworkSettings,
  context: RunContext,
  onOutputs?: (outputs: readonly Float32Array[], plan: PlanReport) => void,
): Promise<Float32Array[]> {
  const { stage, models, survival } = loaded;
  const { plan: mode = 'all', remainingMs, log } = context;
  const outputs: Float32Array[] = [];
  let slowest = 0;
  const planned = (): number => {
    const most = Math.floor((remainingMs() - RESERVE_MS) / (SAFETY * slowest));
    const rest = models.length - outputs.length;
    return outputs.length + (mode === 'all' ? rest : Math.max(0, Math.min(rest, most)));
  };
  const report = (state: PlanReport['state']): PlanReport =>
    networksPlan(state, mode, {
      ...{ of: models.length, planned: planned(), done: outputs.length },
      ...{ slowest, leftMs: remainingMs(), part: context.part ?? 'prediction' },
    });
  for (const [i, file] of models.entries()) {
    const isAnswer = stage.models.slice(0, i).some(({ weight = 1 }) => weight > 0);
    if (isAnswer && planned() === i) break;
    const began = performance.now();
    const entry = stage.models[i]!;
    const run = shared(loaded, i);
    const place = { number: i + 1, of: models.length };
    const feeds = feedsOf(entry, given);
    const engine = entry.inputs.image === undefined ? undefined : inference;
    const results = run.before ?? (await runNetwork(file, place, feeds, run, engine, context));
    const { data, dims } = results[entry.output]!;
    const width = outputWidth(stage.head, survival?.model.folds[i]?.bag.features);
    // Axes that the model leaves open are known only now.
    if (width !== null && data.length !== width) {
      throw new HecktorError('MODEL_MISMATCH', {
        file: file.path,
        detail: `expected output '${entry.output}' to have ${width} numbers, got [${dims.join(', ')}]`,
      });
    }
    outputs.push(Float32Array.from(data));
    slowest = Math.max(slowest, performance.now() - began);
    if (i === 0) log.info('plan', { plan: report('planned') });
    if (context.planOnly === true) throw new PlanMade();
    context.onProgress('inference', (i + 1) / models.length);
    if (i < models.length - 1) onOutputs?.(outputs, report('planned'));
  }
  const plan = report('done');
  log.info('plan', { plan });
  if (plan.dropped.length > 0) {
    log.warn('the time did not suffice for all of the recipe', { dropped: plan.dropped });
  }
  return outputs;
}

/** Loads a network, runs it and releases it. */
async function runNetwork(
  file: ModelFile,
  place: { readonly number: number; readonly of: number },
  feeds: Readonly<Record<string, Tensor>>,
  { outputs, keep }: SharedRun,
  inference: EngineSettings | undefined,
  context: RunContext,
): Promise<NetworkOutputs> {
  const model = await openNetwork(file, place, context, {
    ...{ once: true, inference, expectOutput: outputs },
    expectInput: Object.entries(feeds).map(([name, { dims }]): ExpectedTensor => ({ name, dims })),
  });
  try {
    const results = await context.timer.time('inference', () => model.runNamed(feeds));
    keep(results);
    return results;
  } finally {
    await model.release();
  }
}

/** A plan of networks that each look at the image once. */
function networksPlan(
  state: PlanReport['state'],
  mode: PlanReport['mode'],
  {
    of,
    planned,
    done,
    slowest,
    leftMs,
    part,
  }: Share & {
    slowest: number;
    leftMs: number;
    part: string;
  },
): PlanReport {
  const share = { of, planned, done };
  const one = { of: 1, planned: 1, done: 1 };
  const seconds = (ms: number): number => Math.round(ms / 10) / 100;
  return {
    ...{ state, mode, part, networks: share, mirrors: one, windows: one },
    passes: share,
    seconds: {
      ...{ perPass: seconds(slowest), left: seconds(leftMs), reserve: seconds(RESERVE_MS) },
    },
    dropped: planned < of ? [`${of - planned} of ${of} networks`] : [],
  };
}

function feedsOf(
  { inputs }: PredictionModelEntry,
  given: NetworkInputs,
): Readonly<Record<string, Tensor>> {
  return {
    ...(inputs.image !== undefined && { [inputs.image]: given.image! }),
    ...(inputs.features !== undefined && { [inputs.features]: given.features! }),
  };
}
