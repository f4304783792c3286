import { HecktorError } from '@hecktor/errors';
import type { HeadOf } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import { likeliest, type ClassAnswer } from './answer.ts';
import type { Head, Members } from './head.ts';
import { sharesOf, softmax, weightedMean } from './weigh.ts';

/** The head `class`. */
export const CLASS: Head = {
  kind: 'class',
  apply: (members, { stage: { head } }, log) =>
    applyClassHead(members, head as HeadOf<'class'>, log),
};

/** The head `class`: what each network says of the classes to one of them. */
export function applyClassHead(
  { outputs, weights }: Members,
  head: HeadOf<'class'>,
  log: Log,
): ClassAnswer {
  const { combine = 'mean-logits', gives = 'logits' } = head;
  const areLogits = gives === 'logits' || gives === 'logit';
  const all = outputs.map((output) => perClass(output, head));
  const each = areLogits ? all.map(softmax) : all.map(assertProbabilities);
  // Divided first: products with tiny weights would vanish.
  const shares = sharesOf(weights);
  const meanOf = (rows: readonly (readonly number[])[]): number[] =>
    rows[0]!.map((_, k) => {
      const ofClass = rows.map((row) => row[k]!);
      return weightedMean(ofClass, shares);
    });
  const mean = areLogits && combine === 'mean-logits' ? softmax(meanOf(all)) : meanOf(each);
  const answer = answerOf(mean, head);
  const { positive } = head;
  log.info('prediction', {
    ...answer,
    logits: outputs.map((output) => Array.from(output)),
    folds: positive === undefined ? each : each.map((probabilities) => probabilities[positive]),
    combine,
  });
  return answer;
}

/** The class of the largest probability, or whether the positive one is large enough. */
function answerOf(
  mean: readonly number[],
  { positive = 1, classes, among = classes, decide }: HeadOf<'class'>,
): ClassAnswer {
  if (classes !== undefined) {
    const probability = Object.fromEntries(classes.map((name, i) => [name, mean[i]!]));
    const allowed = classes.filter((name) => among!.includes(name));
    return { value: likeliest(probability, allowed), probability };
  }
  const probability = mean[positive]!;
  const value = decide === 'argmax' ? isLarger(mean, positive) : probability >= decide.threshold;
  return { value, probability };
}

/** Class 0 wins a tie, as with argmax. */
function isLarger([first, second]: readonly number[], positive: 0 | 1): boolean {
  return positive === 1 ? second! > first! : first! >= second!;
}

/** A number of each class; where a network gives but one, that of the other class follows. */
function perClass(output: Float32Array, { gives, positive = 1 }: HeadOf<'class'>): number[] {
  const numbers = Array.from(output);
  if (gives !== 'logit' && gives !== 'probability') return numbers;
  const one = numbers[0]!;
  const other = gives === 'logit' ? 0 : 1 - one;
  return positive === 1 ? [other, one] : [one, other];
}

/** Far above what rounding to float32 does. */
const TOLERANCE = 1e-4;

/** Throws for logits that a recipe takes for probabilities: they would give a likely class, too. */
function assertProbabilities(numbers: readonly number[]): readonly number[] {
  const sum = numbers.reduce((total, number) => total + number, 0);
  const isOne = Math.abs(sum - 1) <= TOLERANCE;
  if (isOne && numbers.every((number) => number >= -TOLERANCE)) return numbers;
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    detail: 'probabilities of the classes are below 0 or do not sum to 1',
    cause: 'the network gives logits, or votes, and "gives" in the recipe says probabilities',
    fix: 'write "gives": "logits" (or "logit") into the head, or export the probabilities',
  });
}
