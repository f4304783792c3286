import { combineMembers, slidingWindowInference, withFlips } from '@hecktor/inference';
import type { Predictor } from '@hecktor/inference';
import { createPredictor } from '@hecktor/onnx';
import { checkClasses, SEGMENTATION } from '@hecktor/recipe';
import type { Label, LoadedRecipe, SegmentationRecipe } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import { openNetwork } from './open-network.ts';
import type { RunContext } from './run-context.ts';

/** A prediction and what it took. */
export interface LogitsPrediction {
  /** The mean over the networks, [1, classes, a, b, c]; taken over by whom it is given to. */
  readonly logits: Tensor;
  /** Windows that went through a network, flips and ensemble members included. */
  readonly windows: number;
}

/**
 * Runs every model of a recipe over the tensor, one loaded after the other has been released.
 *
 * @param labels - Of the task; absent: those of the challenge.
 * @throws HecktorError as opening and running a model do.
 */
export async function predictLogits(
  tensor: Tensor,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  labels?: readonly Label[],
): Promise<LogitsPrediction> {
  const { recipe, models } = loaded;
  const { combine = 'mean-logits', arithmetic = 'float32' } = recipe.inference;
  const count = { windows: 0 };
  // Called with the first window, so that a misfit costs seconds, not minutes.
  const onClasses = (classes: number): void => {
    for (const warning of checkClasses(classes, recipe, labels)) {
      context.log.warn(warning);
    }
  };
  const watch = createEstimate(models.length, context);
  const members = models.map((file, i) => async (): Promise<Tensor> => {
    const { inputs, outputs } = SEGMENTATION.expectedModel(loaded, i);
    const model = await openNetwork(file, { number: i + 1, of: models.length }, context, {
      expectInput: inputs,
      expectOutput: outputs,
    });
    try {
      return await context.timer.time('inference', () =>
        slide(tensor, counted(createPredictor(model), count, onClasses), recipe, (fraction) => {
          context.onProgress('inference', (i + fraction) / models.length);
          watch(i + fraction);
        }),
      );
    } finally {
      await model.release();
    }
  });
  const weights = recipe.models.map(({ weight }) => weight ?? 1);
  const logits = await combineMembers(members, { combine, weights, arithmetic });
  return { logits, windows: count.windows };
}

function slide(
  tensor: Tensor,
  predictor: Predictor,
  { inference, tensor: { axes } }: SegmentationRecipe,
  onProgress: (fraction: number) => void,
): Promise<Tensor> {
  const { flips = [], sigmaScale = 0.125, windowsPerBatch = 1, ...windows } = inference;
  const flipped = flips.map((names) => names.map((name) => axes.indexOf(name)));
  return slidingWindowInference(tensor, withFlips(predictor, flipped), {
    ...windows,
    sigmaScale,
    windowsPerBatch,
    onProgress,
  });
}

function counted(
  predictor: Predictor,
  count: { windows: number },
  onClasses: (classes: number) => void,
): Predictor {
  return async (windows) => {
    const logits = await predictor(windows);
    if (count.windows === 0) onClasses(logits.dims[1]!);
    count.windows += windows.dims[0]!;
    return logits;
  };
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
