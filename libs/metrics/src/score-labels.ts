import { cropToLabels } from './crop-to-labels.ts';
import { hausdorff95, type Hausdorff95Convention } from './hausdorff95.ts';
import { detectLesions, type DetectionOptions } from './lesion-detection.ts';
import { dice, labelOverlap, type EmptyConvention, type Mask } from './overlap.ts';

/** How one label of one patient was segmented. Volumes are voxel counts times the voxel's volume. */
export interface LabelScore {
  /** Dice coefficient; NaN where both masks lack the label and the convention leaves it out. */
  readonly dsc: number;
  /** 95th percentile Hausdorff distance, mm; NaN where both masks lack the label, Infinity where one does. */
  readonly hd95: number;
  /** mm³ */
  readonly truthVolume: number;
  /** mm³ */
  readonly predictedVolume: number;
  /** mm³ */
  readonly intersectionVolume: number;
  /** Lesions of the truth that are detected. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** What the field does not agree on; each has this project's default. */
export interface LabelConventions extends DetectionOptions {
  /** What an empty prediction for an empty truth counts; 1 when absent. */
  readonly whenBothEmpty?: EmptyConvention;
  /** How both directions become one distance; `directed` when absent. `none`: NaN, in less time. */
  readonly hd95?: Hausdorff95Convention | 'none';
}

/**
 * All scores of some labels of one patient, in the order of the labels.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids;
 * INVALID_ARGUMENT for a `minIoU` outside 0 to 1.
 */
export function scoreLabels(
  truth: Mask,
  prediction: Mask,
  labels: readonly number[],
  conventions: LabelConventions = {},
): LabelScore[] {
  const { whenBothEmpty = 1, hd95 } = conventions;
  const cropped = cropToLabels(truth, prediction);
  return labels.map((label) => {
    const overlap = labelOverlap(...cropped, label);
    const { truePositives, falsePositives, falseNegatives } = detectLesions(
      ...cropped,
      label,
      conventions,
    );
    return {
      dsc: dice(overlap, whenBothEmpty === 'skip' ? Number.NaN : whenBothEmpty),
      hd95: hd95 === 'none' ? Number.NaN : hausdorff95(...cropped, label, hd95),
      truthVolume: overlap.truth * overlap.voxelVolume,
      predictedVolume: overlap.prediction * overlap.voxelVolume,
      intersectionVolume: overlap.intersection * overlap.voxelVolume,
      ...{ truePositives, falsePositives, falseNegatives },
    };
  });
}
