import {
  combineMembers,
  createPlanner,
  slideWindows,
  windowMean,
  withFlips,
} from '@hecktor/inference';
import type { Planner, PlanReport, Predictor, SlidingWindowOptions } from '@hecktor/inference';
import { createPredictor } from '@hecktor/onnx';
import { checkClasses, SEGMENTATION } from '@hecktor/recipe';
import type { Label, LoadedRecipe, SegmentationRecipe } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import { openNetwork } from './open-network.ts';
import { PlanMade } from './plan-made.ts';
import type { RunContext } from './run-context.ts';
import { createSparePass } from './spare-pass.ts';

/** A prediction and what it took. */
interface LogitsPrediction {
  /** The mean over the networks, [1, classes, a, b, c]; taken over by whom it is given to. */
  readonly logits: Tensor;
  /** Windows that went through a network, flips and ensemble members included. */
  readonly windows: number;
}

/** What becomes of logits. */
interface AfterNetworks {
  /** Time that it will take, ms. */
  readonly reserveMs: () => number;
  /** Called before the first window of a network and after each pass. */
  readonly onPass: () => void;
  /** Makes an answer of logits, or of a sum of them, for the case that there is no better one. */
  readonly onAnswer?: (logits: Tensor, windows: number, plan: PlanReport) => Promise<void>;
}

/** Passes after which a plan is made that nothing follows. */
const MEASURED = 3;

/**
 * Runs every model of a recipe over the tensor, one loaded after the other has been released; where
 * the run's plan is `auto`, as far as the time does.
 *
 * @param labels - Of the task; absent: those of the challenge.
 * @throws HecktorError as opening and running a model do; PlanMade where only the plan is wanted.
 */
export async function predictLogits(
  tensor: Tensor,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  { reserveMs, onPass, onAnswer }: AfterNetworks,
  labels?: readonly Label[],
): Promise<LogitsPrediction> {
  const { recipe, models } = loaded;
  const { combine = 'mean-logits', arithmetic = 'float32' } = recipe.inference;
  const { log, timer, remainingMs, plan: mode = 'all', planOnly = false } = context;
  const { options, flips } = windowOptions(recipe);
  const logPlan = (plan: PlanReport): void => log.info('plan', { plan });
  const planner = createPlanner({
    ...{ mode, part: context.part ?? 'segmentation', remainingMs, reserveMs },
    ...{ networks: models.length, mirrors: flips.length + 1 },
    windowsPerBatch: options.windowsPerBatch,
    prefer: recipe.inference.prefer ?? 'networks',
    worthOf: (layout, window) => windowMean(tensor, layout, window, options.outside?.channel ?? 0),
    ...(!planOnly && { onPlan: logPlan }),
  });
  const done = { windows: 0, fraction: 0 };
  const endWithPlan = (): never => {
    logPlan(planner.report('planned'));
    throw new PlanMade();
  };
  const watched = (network: Predictor): Predictor => {
    return async (windows) => {
      const logits = await network(windows);
      // With the first window, so that a misfit costs seconds, not minutes.
      if (done.windows === 0) warnOfClasses(logits.dims[1]!, recipe, labels, context);
      const count = windows.dims[0]!;
      done.windows += count;
      planner.passed(count);
      onPass();
      if (planOnly && done.windows >= MEASURED) endWithPlan();
      // A run that is to stop does so here, not after all mirror images.
      context.onProgress('inference', done.fraction);
      return logits;
    };
  };
  const watch = mode === 'all' ? createEstimate(models.length, context) : () => undefined;
  const weights = recipe.models.map(({ weight }) => weight ?? 1);
  const members = models.map((file, i) => async (): Promise<Tensor | undefined> => {
    if (!planner.startsNetwork()) return undefined;
    const { inputs, outputs } = SEGMENTATION.expectedModel(loaded, i);
    const model = await openNetwork(file, { number: i + 1, of: models.length }, context, {
      ...{ expectInput: inputs, expectOutput: outputs, inference: recipe.inference },
    });
    planner.begin();
    onPass();
    const network = watched(createPredictor(model));
    const spare = createSparePass();
    const first = spare.reused(network, (windows) => planner.passed(windows, false));
    const onProgress = (fraction: number): void => {
      done.fraction = (i + fraction) / models.length;
      context.onProgress('inference', done.fraction);
      watch(i + fraction);
    };
    try {
      if (i === 0 && mode === 'auto' && onAnswer !== undefined && !planOnly) {
        const look = await timer.time('first look', () =>
          slideWindows(tensor, spare.kept(network), options, planner.chooseFirstLook),
        );
        if (look !== undefined) await onAnswer(look, done.windows, planner.report('planned'));
      }
      const logits = await timer.time('inference', () =>
        slideWindows(
          tensor,
          withFlips(first, flips, planner.goesOn),
          { ...options, onProgress },
          planner.choose,
        ),
      );
      if (logits !== undefined) planner.end(weights.slice(0, i + 1).some((weight) => weight > 0));
      return logits;
    } finally {
      await model.release();
    }
  });
  const onSum = async (sum: Tensor, weight: number): Promise<void> => {
    if (weight === 0 || onAnswer === undefined || !planner.isInterimWorth(reserveMs())) return;
    await onAnswer(sum, done.windows, planner.report('planned'));
  };
  const logits = await combineMembers(members, { combine, weights, arithmetic, onSum });
  if (planOnly) endWithPlan();
  reportDone(planner, context);
  return { logits, windows: done.windows };
}

/** Says what was done, and loudly what was not. */
function reportDone(planner: Planner, { log }: Pick<RunContext, 'log'>): void {
  const plan = planner.report('done');
  log.info('plan', { plan });
  const { dropped } = plan;
  if (dropped.length > 0) log.warn('the time did not suffice for all of the recipe', { dropped });
}

/** How the recipe's windows slide, and the axes of its mirror images. */
export function windowOptions({ inference, tensor: { axes, channels } }: SegmentationRecipe) {
  const { flips = [], skipOutside, ...rest } = inference;
  const { roi, overlap, tiling, blend, sigmaScale = 0.125, windowsPerBatch = 1, arithmetic } = rest;
  const options: SlidingWindowOptions & { readonly windowsPerBatch: number } = {
    ...{ roi, overlap, blend, sigmaScale, windowsPerBatch },
    ...(tiling !== undefined && { tiling }),
    ...(arithmetic !== undefined && { arithmetic }),
    ...(skipOutside !== undefined && {
      outside: { channel: channels.indexOf(skipOutside.channel), above: skipOutside.above },
    }),
  };
  return { options, flips: flips.map((names) => names.map((name) => axes.indexOf(name))) };
}

export function warnOfClasses(
  classes: number,
  recipe: SegmentationRecipe,
  labels: readonly Label[] | undefined,
  { log }: Pick<RunContext, 'log'>,
): void {
  for (const warning of checkClasses(classes, recipe, labels)) log.warn(warning);
}

/** Warns once, after the first batch, when the time that is left will not do. */
function createEstimate(models: number, context: RunContext): (done: number) => void {
  const start = performance.now();
  let isLogged = false;
  return (done) => {
    if (isLogged || done <= 0) return;
    isLogged = true;
    const neededMs = ((performance.now() - start) / done) * (models - done);
    const leftMs = context.remainingMs();
    const fields = { neededS: Math.ceil(neededMs / 1000), leftS: Math.floor(leftMs / 1000) };
    if (neededMs <= leftMs) context.log.info('time for inference estimated', fields);
    else context.log.warn('the time limit will probably be reached', fields);
  };
}
