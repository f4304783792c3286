import { HecktorError } from '@hecktor/errors';
import { componentRuns, type ComponentRuns, type Connectivity } from '@hecktor/volume';
import { assertSameMaskGrid, type Mask } from './overlap.ts';

/** Conventions of lesion detection; no official code says which are the challenge's. */
export interface DetectionOptions {
  /** Which voxels belong to one lesion; 26 when absent. */
  readonly connectivity?: Connectivity;
  /** A lesion is detected when intersection over union is above this; 0.3 when absent. */
  readonly minIoU?: number;
}

/** A ground-truth lesion and the predicted lesion that detects it, numbered in scan order. */
export interface LesionMatch {
  readonly truth: number;
  readonly prediction: number;
  readonly iou: number;
}

/** Lesions of one patient. */
export interface Detection {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly matches: readonly LesionMatch[];
}

/**
 * Matches the lesions (connected components of `label`) of two masks one to one, greedily by
 * falling intersection over union, the first in scan order of equals.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids;
 * INVALID_ARGUMENT for a `minIoU` outside 0 to 1.
 */
export function detectLesions(
  truth: Mask,
  prediction: Mask,
  label: number,
  options: DetectionOptions = {},
): Detection {
  const { connectivity = 26, minIoU = 0.3 } = options;
  if (!(minIoU >= 0 && minIoU <= 1)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `minIoU: expected a number from 0 to 1, got ${minIoU}`,
    });
  }
  assertSameMaskGrid(truth, prediction);
  const inTruth = componentRuns(truth.data, truth.size, label, connectivity);
  const inPrediction = componentRuns(prediction.data, prediction.size, label, connectivity);
  const candidates = overlaps(inTruth, inPrediction).filter(({ iou }) => iou > minIoU);
  candidates.sort((a, b) => b.iou - a.iou || a.truth - b.truth || a.prediction - b.prediction);

  const usedTruth = new Set<number>();
  const usedPrediction = new Set<number>();
  const matches = candidates.filter((candidate) => {
    if (usedTruth.has(candidate.truth) || usedPrediction.has(candidate.prediction)) return false;
    usedTruth.add(candidate.truth);
    usedPrediction.add(candidate.prediction);
    return true;
  });
  return {
    truePositives: matches.length,
    falsePositives: inPrediction.count - matches.length,
    falseNegatives: inTruth.count - matches.length,
    matches,
  };
}

/** Intersection over union of each pair of components that share a voxel. */
function overlaps(a: ComponentRuns, b: ComponentRuns): LesionMatch[] {
  const shared = new Map<number, number>();
  let first = 0;
  for (let run = 0; run < a.starts.length; run++) {
    while (first < b.starts.length && b.ends[first]! <= a.starts[run]!) first++;
    for (let other = first; other < b.starts.length && b.starts[other]! < a.ends[run]!; other++) {
      const voxels =
        Math.min(a.ends[run]!, b.ends[other]!) - Math.max(a.starts[run]!, b.starts[other]!);
      const pair = (a.labels[run]! - 1) * b.count + (b.labels[other]! - 1);
      shared.set(pair, (shared.get(pair) ?? 0) + voxels);
    }
  }
  return Array.from(shared, ([pair, intersection]) => {
    const truth = Math.floor(pair / b.count);
    const prediction = pair % b.count;
    const union = a.voxels[truth]! + b.voxels[prediction]! - intersection;
    return { truth: truth + 1, prediction: prediction + 1, iou: intersection / union };
  });
}

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
