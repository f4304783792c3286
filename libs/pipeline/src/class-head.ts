import type { HeadOf } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import type { Head, Members } from './head.ts';

/** The head `class`. */
export const CLASS: Head = {
  kind: 'class',
  apply: (members, { recipe: { head } }, log) =>
    applyClassHead(members, head as HeadOf<'class'>, log),
};

/** The head `class`: two logits of each network to a yes or no. */
export function applyClassHead(
  { outputs, weights }: Members,
  { positive, decide, combine = 'mean-logits' }: HeadOf<'class'>,
  log: Log,
): boolean {
  const each = outputs.map((logits) => softmax(logits[0]!, logits[1]!));
  const mean =
    combine === 'mean-probabilities'
      ? weightedMean(each, weights)
      : softmax(
          ...weightedMean(
            outputs.map(([a, b]) => [a!, b!] as const),
            weights,
          ),
        );
  const probability = mean[positive];
  const value = decide === 'argmax' ? isLarger(mean, positive) : probability >= decide.threshold;
  log.info('prediction', {
    value,
    probability,
    logits: outputs.map((logits) => Array.from(logits)),
    folds: each.map((probabilities) => probabilities[positive]),
    combine,
  });
  return value;
}

type Pair = readonly [number, number];

/** Class 0 wins a tie, as with argmax. */
function isLarger([first, second]: Pair, positive: 0 | 1): boolean {
  return positive === 1 ? second > first : first >= second;
}

function softmax(a: number, b: number): Pair {
  const highest = Math.max(a, b);
  const [ea, eb] = [Math.exp(a - highest), Math.exp(b - highest)];
  return [ea / (ea + eb), eb / (ea + eb)];
}

function weightedMean(pairs: readonly Pair[], weights: readonly number[]): Pair {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Divided first: products with tiny weights would vanish.
  const mean = (k: 0 | 1): number =>
    pairs.reduce((sum, pair, i) => sum + pair[k] * (weights[i]! / total), 0);
  return [mean(0), mean(1)];
}
