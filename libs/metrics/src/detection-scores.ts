import type { Detection } from './detect-lesions.ts';

/** Lesion counts summed over patients. */
type Counts = Pick<Detection, 'truePositives' | 'falsePositives' | 'falseNegatives'>;

function total(detections: readonly Counts[], field: keyof Counts): number {
  return detections.reduce((sum, detection) => sum + detection[field], 0);
}

/**
 * The aggregated F1 score, 2TP / (2TP + FP + FN) with lesions counted over all patients: the
 * challenge's detection score for GTVn.
 *
 * @param whenNoLesions Score of a set without any lesion, true or predicted; 1 by convention.
 */
export function aggregatedF1(detections: readonly Counts[], whenNoLesions = 1): number {
  const tp = total(detections, 'truePositives');
  const wrong = total(detections, 'falsePositives') + total(detections, 'falseNegatives');
  return tp + wrong === 0 ? whenNoLesions : (2 * tp) / (2 * tp + wrong);
}

/** The share of true lesions that are detected, over all patients; NaN without true lesions. */
export function lesionSensitivity(detections: readonly Counts[]): number {
  const tp = total(detections, 'truePositives');
  return tp / (tp + total(detections, 'falseNegatives'));
}

/** Predicted lesions that match no true one, per patient; NaN without patients. */
export function falsePositivesPerPatient(detections: readonly Counts[]): number {
  return total(detections, 'falsePositives') / detections.length;
}
