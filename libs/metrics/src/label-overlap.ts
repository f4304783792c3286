import { assertSameGrid, type Volume } from '@hecktor/volume';

/** How far the grids of two masks may differ, mm: NIfTI keeps positions as float32. */
const GRID_TOLERANCE = 1e-3;

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
  assertSameGrid(truth, prediction, GRID_TOLERANCE);
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

/** Volume of one label, mm³: its voxels times the volume of a voxel. */
export function labelVolume(mask: Mask, label: number): number {
  let count = 0;
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] === label) count++;
  return count * mask.spacing[0] * mask.spacing[1] * mask.spacing[2];
}
