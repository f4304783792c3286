import { HecktorError } from '@hecktor/errors';
import type { FusionScale, HeadOf } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import { likeliest, numberOf, type Answer } from './answer.ts';
import type { Head } from './head.ts';
import { sharesOf, softmax, weightedMean } from './weigh.ts';

/** The head `fusion`. */
export const FUSION: Head = {
  kind: 'fusion',
  apply: ({ earlier = {} }, { stage: { head } }, log) =>
    applyFusionHead(earlier, head as HeadOf<'fusion'>, log),
};

/**
 * The head `fusion`: the weighted mean of what earlier stages answered, on scales of their own.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID for a mean that is no finite number.
 */
export function applyFusionHead(
  earlier: Readonly<Record<string, Answer>>,
  { inputs, weighting = 'plain', threshold, among }: HeadOf<'fusion'>,
  log: Log,
): Answer {
  const given = inputs.map(({ weight = 1 }) => weight);
  const weights = weighting === 'softmax' ? softmax(given) : sharesOf(given);
  const numbers = inputs.map(({ of }) => numberOf(earlier[of]!));
  const [first] = numbers;
  if (typeof first === 'object') {
    // The recipe was checked: all have the same classes.
    const rows = numbers as Readonly<Record<string, number>>[];
    const classes = Object.keys(first);
    const meanOf = (name: string): number => {
      const each = rows.map((row) => row[name]!);
      return weightedMean(each, weights);
    };
    const probability = Object.fromEntries(classes.map((name) => [name, meanOf(name)]));
    const allowed = classes.filter((name) => among?.includes(name) ?? true);
    const value = likeliest(probability, allowed);
    log.info('prediction', { value, probability, weights });
    return { value, probability };
  }
  const scaled = inputs.map(({ scale }, i) => rescale(numbers[i] as number, scale));
  const mean = weightedMean(scaled, weights);
  if (!Number.isFinite(mean)) {
    throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: 'the fused number is not finite' });
  }
  const answer = threshold === undefined ? mean : { value: mean >= threshold, probability: mean };
  const scales = Object.fromEntries(inputs.map(({ of }, i) => [of, scaled[i]]));
  log.info('prediction', { value: mean, inputs: scales, weights });
  return answer;
}

/** A number on a scale that it shares with those of other stages. */
export function rescale(value: number, scale: FusionScale | undefined): number {
  if (scale === undefined) return value;
  if (scale.by === 'z-score') return (value - scale.mean) / scale.scale;
  return searchSorted(scale.table, value, scale.side) / scale.table.length;
}

/** How many values of a sorted table lie below one, as NumPy's `searchsorted`; equals by `side`. */
function searchSorted(
  table: readonly number[],
  value: number,
  side: 'left' | 'right' = 'left',
): number {
  let [low, high] = [0, table.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = side === 'left' ? table[middle]! < value : table[middle]! <= value;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}
