import { HecktorError, isHecktorError } from '@hecktor/errors';
import { toVec3, type Tensor } from '@hecktor/volume';
import { assertTensor, type Predictor, type Triple } from './predictor.ts';
import { assertHalfHeld, halfRounding, type Arithmetic, type Rounding } from './half.ts';
import type { OutsideOptions } from './free-windows.ts';
import { importanceMap, layOutWindows, triple } from './window-layout.ts';
import type { BlendOptions, Tiling, WindowLayout } from './window-layout.ts';
import { createQueue } from './window-queue.ts';
import { addWindow, divideByWeightsInPlace, gatherWindow } from './window-transfer.ts';

/**
 * Runs a network over an image in overlapping windows and blends its logits, as MONAI's
 * `sliding_window_inference` does with zero padding: the same windows, order, weights and float32
 * sums; or, by its options, as nnU-Net's predictor does. Besides input and result it holds one batch of windows and one window of weights.
 *
 * Windows without any voxel of a body are left out where the options say what that is; where nothing
 * else covers a voxel its logits are 0, which is background. Of windows that are constant padding
 * and equal each other the network sees one, if it sees one window at a time.
 *
 * @param input `[1, channels, a, b, c]`.
 * @param predictor Called with `[n, channels, ...roi]`, n <= windowsPerBatch.
 * @returns `[1, classes, a, b, c]`, the weighted mean of the windows' logits.
 * @throws HecktorError INVALID_ARGUMENT for an option or input it cannot take; MODEL_MISMATCH when
 * a prediction has not the shape of its windows; MODEL_OUTPUT_INVALID for sums that float16 cannot
 * hold; INTERRUPTED, or the signal's own HecktorError,
 * when aborted.
 */
export async function slidingWindowInference(
  input: Tensor,
  predictor: Predictor,
  options: SlidingWindowOptions,
): Promise<Tensor> {
  return (await slideWindows(input, predictor, options))!;
}

/**
 * Chooses which windows run next.
 *
 * @param left - Numbers of those that have not run and need the network, in the layout's order.
 * @returns The next batch; none to end here, so that the logits of what no window covers are 0;
 * undefined to give up.
 */
export type ChooseWindows = (
  left: readonly number[],
  layout: WindowLayout,
) => readonly number[] | undefined;

/**
 * As {@link slidingWindowInference}, with windows that are chosen while it goes on.
 *
 * @param choose - Default: the windows in their order.
 * @returns Undefined when it was given up.
 * @throws HecktorError as {@link slidingWindowInference} does.
 */
export async function slideWindows(
  input: Tensor,
  predictor: Predictor,
  options: SlidingWindowOptions,
  choose: ChooseWindows = (left) => left.slice(0, options.windowsPerBatch),
): Promise<Tensor | undefined> {
  assertTensor(input, 5, 'input');
  if (input.dims[0] !== 1) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `input: expected one image, got dims [${input.dims.join(', ')}]`,
    });
  }
  assertSlidingWindowOptions(options);
  const size = toVec3(input.dims.slice(2));
  const { arithmetic = 'float32' } = options;
  const layout = layOutWindows(size, options.roi, triple(options.overlap), options.tiling);
  const weights = importanceMap(options.roi, options);
  const channels = input.dims[1]!;
  const total = layout.positions.length;
  const perBatch = Math.min(options.windowsPerBatch, total);
  const windowLength = channels * weights.length;
  const windows = new Float32Array(perBatch * windowLength);
  const queue = createQueue(input, layout, options);

  let sum: Tensor | undefined;
  let round: Rounding | undefined;
  const add = (position: Triple, prediction: Float32Array, offset: number): void =>
    addWindow(sum!, layout, position, prediction, offset, weights, round);
  const addKnown = (all?: boolean): void => {
    for (const [window, logits] of queue.takeKnown(all)) add(layout.positions[window]!, logits, 0);
  };
  for (;;) {
    addKnown();
    const left = queue.left();
    if (left.length === 0) break;
    throwIfAborted(options.signal);
    const chosen = choose(left, layout);
    if (chosen === undefined) return undefined;
    if (chosen.length === 0) break;
    const batch = chosen.map((window) => layout.positions[window]!);
    // The predictor is free to overwrite its input, so padding is cleared for each batch.
    if (options.roi.some((n, axis) => n > size[axis]!)) windows.fill(0);
    batch.forEach((position, i) =>
      gatherWindow(input, layout, position, windows, i * windowLength),
    );
    const prediction = await predictor({
      data: windows.subarray(0, batch.length * windowLength),
      dims: [batch.length, channels, ...options.roi],
    });
    assertPrediction(prediction, batch.length, options.roi, sum?.dims[1]);
    const classes = prediction.dims[1]!;
    if (sum === undefined) {
      const data = new Float32Array(classes * size[0] * size[1] * size[2]);
      sum = { data, dims: [1, classes, ...size] };
      if (arithmetic === 'float16') round = halfRounding(data);
    }
    batch.forEach((position, i) => add(position, prediction.data, i * classes * weights.length));
    queue.taken(chosen, prediction.data);
    options.onProgress?.(queue.done() / total);
  }
  throwIfAborted(options.signal);
  addKnown(true);
  divideByWeightsInPlace(sum!, layout, weights, arithmetic, queue.ran);
  if (arithmetic === 'float16') assertHalfHeld(sum!.data);
  return sum!;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  if (isHecktorError(signal.reason)) throw signal.reason;
  throw new HecktorError('INTERRUPTED', { origin: signal.reason });
}

export function assertPrediction(
  prediction: Tensor,
  count: number,
  roi: Triple,
  classes: number | undefined,
): void {
  const { dims, data } = prediction;
  const expected = [count, classes ?? dims[1], ...roi];
  const fits =
    dims.length === 5 &&
    Number.isSafeInteger(dims[1]) &&
    dims[1]! >= 1 &&
    dims.every((n, axis) => n === expected[axis]) &&
    data.length === dims.reduce((product, n) => product * n, 1);
  if (fits) return;
  throw new HecktorError('MODEL_MISMATCH', {
    detail:
      `windows of ${roi.join(' x ')} gave an output of [${dims.join(', ')}] ` +
      `with ${data.length} values, expected [${count}, ${classes ?? 'classes'}, ${roi.join(', ')}]`,
  });
}

/** Options of {@link slidingWindowInference}; all but the callbacks are part of a recipe. */
export interface SlidingWindowOptions extends BlendOptions {
  /** Window size along the tensor's spatial axes, each >= 1. */
  readonly roi: Triple;
  /** Share of a window that its neighbour covers too, 0 <= overlap < 1, per axis or for all. */
  readonly overlap: number | Triple;
  /** Where windows start. Default: monai. */
  readonly tiling?: Tiling;
  /** How sums of logits and of weights are rounded. Default: float32. */
  readonly arithmetic?: Arithmetic;
  /** How many windows the predictor gets at once, >= 1. Memory grows with it. */
  readonly windowsPerBatch: number;
  /** Windows without a voxel of this channel above this value do not run. Default: all run. */
  readonly outside?: OutsideOptions;
  /** Called after each batch with the fraction of windows that are done. */
  readonly onProgress?: (fraction: number) => void;
  /** Stops before the next batch when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Throws unless the options can be carried out.
 *
 * @throws HecktorError INVALID_ARGUMENT naming the option, what it may be and what it is.
 */
function assertSlidingWindowOptions(options: SlidingWindowOptions): void {
  const expect = (ok: boolean, name: string, expected: string, got: unknown): void => {
    if (ok) return;
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `${name}: expected ${expected}, got ${JSON.stringify(got)}`,
    });
  };
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  const { roi, overlap, windowsPerBatch, blend, sigmaScale } = options;
  expect(roi.length === 3 && roi.every(isCount), 'roi', 'three whole numbers >= 1', roi);
  expect(
    triple(overlap).every((o) => o >= 0 && o < 1),
    'overlap',
    'numbers from 0 to below 1',
    overlap,
  );
  expect(isCount(windowsPerBatch), 'windowsPerBatch', 'a whole number >= 1', windowsPerBatch);
  const blends = ['gaussian', 'constant', 'nnunet'];
  expect(blends.includes(blend), 'blend', `one of ${blends.join(', ')}`, blend);
  expect(
    triple(sigmaScale).every((s) => s > 0 && Number.isFinite(s)),
    'sigmaScale',
    'numbers above 0',
    sigmaScale,
  );
}
