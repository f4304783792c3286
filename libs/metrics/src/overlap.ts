import { HecktorError } from '@hecktor/errors';
import { assertSameGrid, HEADER_TOLERANCE, type Volume } from '@hecktor/volume';

/** Voxels of one label in two masks of one patient. */
export interface Overlap {
  /** Voxels of the label in the ground truth. */
  readonly truth: number;
  /** Voxels of the label in the prediction. */
  readonly prediction: number;
  /** Voxels of the label in both. */
  readonly intersection: number;
  /** Volume of one voxel, mm³. */
  readonly voxelVolume: number;
}

/** A mask: one label per voxel. */
export type Mask = Volume<Uint8Array>;

/**
 * Throws unless both masks are on one grid. A prediction on another grid is never resampled: it
 * would be scored as wrong by the challenge.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH
 */
export function assertSameMaskGrid(truth: Mask, prediction: Mask): void {
  assertSameGrid(truth, prediction, HEADER_TOLERANCE);
}

/**
 * Counts the voxels of one label in the ground truth, the prediction and both.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function labelOverlap(truth: Mask, prediction: Mask, label: number): Overlap {
  assertSameMaskGrid(truth, prediction);
  let inTruth = 0;
  let inPrediction = 0;
  let inBoth = 0;
  for (let i = 0; i < truth.data.length; i++) {
    const t = truth.data[i] === label ? 1 : 0;
    const p = prediction.data[i] === label ? 1 : 0;
    inTruth += t;
    inPrediction += p;
    inBoth += t & p;
  }
  const [x, y, z] = truth.spacing;
  return {
    truth: inTruth,
    prediction: inPrediction,
    intersection: inBoth,
    voxelVolume: x * y * z,
  };
}

/**
 * The Dice similarity coefficient of one patient, 2|A∩B| / (|A|+|B|).
 *
 * @param whenBothEmpty Score of an empty prediction for an empty ground truth: 1 by this project's
 * convention, as the challenge's page is silent.
 */
export function dice(overlap: Overlap, whenBothEmpty = 1): number {
  const total = overlap.truth + overlap.prediction;
  return total === 0 ? whenBothEmpty : (2 * overlap.intersection) / total;
}

/** What a patient counts whose ground truth and prediction are both empty. */
export type EmptyConvention = 1 | 0 | 'skip';

/**
 * The mean of the patients' Dice coefficients: the challenge's score for GTVp.
 *
 * @throws HecktorError INVALID_ARGUMENT when no patient is left to average.
 */
export function meanDice(overlaps: readonly Overlap[], whenBothEmpty: EmptyConvention = 1): number {
  const scored =
    whenBothEmpty === 'skip'
      ? overlaps.filter(({ truth, prediction }) => truth + prediction > 0)
      : overlaps;
  if (scored.length === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'mean Dice: no patient to average' });
  }
  const empty = whenBothEmpty === 'skip' ? 0 : whenBothEmpty;
  return scored.reduce((sum, overlap) => sum + dice(overlap, empty), 0) / scored.length;
}

/**
 * The aggregated Dice coefficient, 2 Σ|Aᵢ∩Bᵢ| / Σ(|Aᵢ|+|Bᵢ|) over all patients, in mm³: the
 * challenge's segmentation score for GTVn.
 *
 * @param whenAllEmpty Score of a set in which the label occurs nowhere: 1 as in the challenge's
 * template of 2025 (NaN in its notebook of 2022).
 */
export function aggregatedDice(overlaps: readonly Overlap[], whenAllEmpty = 1): number {
  let intersection = 0;
  let total = 0;
  for (const overlap of overlaps) {
    intersection += overlap.intersection * overlap.voxelVolume;
    total += (overlap.truth + overlap.prediction) * overlap.voxelVolume;
  }
  return total === 0 ? whenAllEmpty : (2 * intersection) / total;
}
