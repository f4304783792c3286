import { HecktorError } from '@hecktor/errors';
import { softmaxInPlace } from '@hecktor/postprocessing';
import type { Tensor } from '@hecktor/volume';
import { assertHalfHeld, halfRounding, type Arithmetic } from './half.ts';

/**
 * One model of an ensemble: loads, runs and releases it, and hands over its logits; undefined where
 * it and those after it are left out.
 */
export type Member = () => Promise<Tensor | undefined>;

/** How {@link combineMembers} combines. */
export interface CombineOptions {
  /** Whether logits are averaged, or the probabilities after softmax over axis 1. */
  readonly combine: 'mean-logits' | 'mean-probabilities';
  /** One weight >= 0 per member, not all 0; all alike when absent. They need not sum to 1. */
  readonly weights?: readonly number[];
  /** How sums over members are rounded. Default: float32. */
  readonly arithmetic?: Arithmetic;
  /**
   * Called after each member but the last with the weighted sum so far, whose labels are those of
   * the mean, and with the weights' sum. What it is given changes with the next member.
   */
  readonly onSum?: (sum: Tensor, weight: number) => void | Promise<void>;
}

/**
 * The weighted mean of an ensemble's members, `[1, classes, a, b, c]`. Members run one after
 * another and each result is added before the next starts, so two results are held at most.
 * Results are taken over: the first one's buffer becomes the mean.
 *
 * @throws HecktorError INVALID_ARGUMENT without members, for unfit weights or where none is left; MODEL_MISMATCH when
 * two members give different shapes; MODEL_OUTPUT_INVALID for sums that float16 cannot hold.
 */
export async function combineMembers(
  members: readonly Member[],
  options: CombineOptions,
): Promise<Tensor> {
  const weights = options.weights ?? members.map(() => 1);
  assertWeights(members.length, weights);
  let mean: Tensor | undefined;
  const roundMean = (): void => {
    if (options.arithmetic === 'float16') halfRounding(mean!.data)(0, mean!.data.length);
  };
  let total = 0;
  for (const [i, member] of members.entries()) {
    const result = await member();
    if (result === undefined) break;
    if (options.combine === 'mean-probabilities') softmaxInPlace(result);
    const weight = weights[i]!;
    if (mean === undefined) {
      mean = result;
      if (weight !== 1) scaleInPlace(mean.data, weight);
    } else {
      assertSameDims(mean, result);
      addScaledInPlace(mean.data, result.data, weight);
    }
    roundMean();
    total += weight;
    if (i < members.length - 1) await options.onSum?.(mean, total);
  }
  if (total === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'no member of a weight above 0 has run' });
  }
  if (total !== 1) scaleInPlace(mean!.data, 1 / total);
  roundMean();
  if (options.arithmetic === 'float16') assertHalfHeld(mean!.data);
  return mean!;
}

function scaleInPlace(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i]! *= factor;
}

function addScaledInPlace(sum: Float32Array, data: Float32Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += data[i]! * factor;
}

function assertWeights(members: number, weights: readonly number[]): void {
  const valid =
    members > 0 &&
    weights.length === members &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    weights.some((weight) => weight > 0);
  if (valid) return;
  throw new HecktorError('INVALID_ARGUMENT', {
    detail:
      `weights: expected one number >= 0 for each of ${members} members (at least one member), ` +
      `not all 0, got [${weights.join(', ')}]`,
  });
}

function assertSameDims(expected: Tensor, actual: Tensor): void {
  if (expected.dims.join() === actual.dims.join()) return;
  throw new HecktorError('MODEL_MISMATCH', {
    detail:
      `the members of an ensemble give outputs of [${expected.dims.join(', ')}] ` +
      `and [${actual.dims.join(', ')}], expected one shape`,
    cause: 'the models were trained with different classes',
  });
}
