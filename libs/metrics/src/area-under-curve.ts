import { HecktorError } from '@hecktor/errors';

/**
 * Area under the ROC curve: the share of pairs of a positive and a negative patient in which the
 * positive one has the higher score, ties counting 1/2.
 *
 * @throws HecktorError INVALID_ARGUMENT when a class is missing, the lists differ in length or a
 * score is not finite.
 */
export function areaUnderCurve(truth: readonly boolean[], scores: readonly number[]): number {
  const positives = scores.filter((_, i) => truth[i] === true);
  const negatives = scores.filter((_, i) => truth[i] === false);
  const pairs = positives.length * negatives.length;
  if (truth.length !== scores.length || pairs === 0 || !scores.every(Number.isFinite)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: 'area under the curve: expected one finite score per patient, and both classes',
    });
  }
  let wins = 0;
  for (const positive of positives) {
    for (const negative of negatives) {
      if (positive > negative) wins++;
      else if (positive === negative) wins += 0.5;
    }
  }
  return wins / pairs;
}
