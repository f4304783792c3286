import { HecktorError } from '@hecktor/errors';

/** Counts of a yes/no prediction. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * Counts right and wrong answers.
 *
 * @throws HecktorError INVALID_ARGUMENT when the lists differ in length.
 */
export function confusionMatrix(
  truth: readonly boolean[],
  prediction: readonly boolean[],
): ConfusionMatrix {
  if (truth.length !== prediction.length) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected one prediction per patient, got ${prediction.length} for ${truth.length}`,
    });
  }
  const count = (isTrue: boolean, isPredicted: boolean): number =>
    truth.filter((value, i) => value === isTrue && prediction[i] === isPredicted).length;
  return {
    truePositives: count(true, true),
    falsePositives: count(false, true),
    trueNegatives: count(false, false),
    falseNegatives: count(true, false),
  };
}

/** The share of positive patients that are found; NaN without positive patients. */
export function sensitivity(matrix: ConfusionMatrix): number {
  return matrix.truePositives / (matrix.truePositives + matrix.falseNegatives);
}

/** The share of negative patients that are found; NaN without negative patients. */
export function specificity(matrix: ConfusionMatrix): number {
  return matrix.trueNegatives / (matrix.trueNegatives + matrix.falsePositives);
}

/** F1 score of the positive class; 0 when nothing is positive, as scikit-learn has it. */
export function f1Score(matrix: ConfusionMatrix): number {
  const wrong = matrix.falsePositives + matrix.falseNegatives;
  const double = 2 * matrix.truePositives;
  return double + wrong === 0 ? 0 : double / (double + wrong);
}

/**
 * The mean of sensitivity and specificity, or the one that is defined where the truth has one
 * class alone (scikit-learn's `balanced_accuracy_score`).
 *
 * @throws HecktorError INVALID_ARGUMENT without patients.
 */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const recalls = [sensitivity(matrix), specificity(matrix)].filter((r) => !Number.isNaN(r));
  if (recalls.length === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'balanced accuracy: no patient' });
  }
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * The share of the patients of each class that are found, by class; of the classes that the truth has.
 *
 * @param prediction - Undefined: none was predicted, which is wrong.
 */
export function recalls<T>(
  truth: readonly T[],
  prediction: readonly (T | undefined)[],
): ReadonlyMap<T, number> {
  const found = new Map<T, number>();
  for (const name of new Set(truth)) {
    const members = prediction.filter((_, i) => truth[i] === name);
    found.set(name, members.filter((one) => one === name).length / members.length);
  }
  return found;
}

/**
 * The mean of the recalls of the classes that the truth has (scikit-learn's `balanced_accuracy_score`).
 *
 * @throws HecktorError INVALID_ARGUMENT without patients.
 */
export function meanRecall<T>(truth: readonly T[], prediction: readonly (T | undefined)[]): number {
  const each = [...recalls(truth, prediction).values()];
  if (each.length === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'balanced accuracy: no patient' });
  }
  return each.reduce((sum, recall) => sum + recall, 0) / each.length;
}

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
