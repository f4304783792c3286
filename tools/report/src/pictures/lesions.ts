import type { Label } from '@hecktor/case-io';
import { valuesInTarget } from '@hecktor/features/uptake';
import { detectLesions, type DetectionOptions, type Mask } from '@hecktor/metrics';
import {
  componentRuns,
  voxelIndex,
  type ComponentRuns,
  type NumericVoxelArray,
  type Volume,
} from '@hecktor/volume';

/** A connected component of one label. */
export interface Lesion {
  /** mL */
  readonly volume: number;
  /** Of the PET interpolated linearly at the mask's voxel centres; NaN beyond the PET. */
  readonly suvMax: number;
}

/** A lesion of the truth with the predicted one that detects it, or either by itself. */
export interface LesionPair {
  readonly label: Label;
  readonly truth?: Lesion | undefined;
  readonly prediction?: Lesion | undefined;
  /** Intersection over union of a detected lesion. */
  readonly iou?: number;
}

/** All lesions of a patient, by label, those of the truth first, from large to small. */
export function lesionPairs(
  masks: { readonly truth: Mask; readonly prediction: Mask },
  pet: Volume<NumericVoxelArray>,
  labels: readonly Label[],
  detection: DetectionOptions,
): LesionPair[] {
  const { connectivity = 26 } = detection;
  return labels.flatMap((label) => {
    const lesionsOf = (mask: Mask): Lesion[] => {
      const runs = componentRuns(mask.data, mask.size, label.value, connectivity);
      const voxel = (mask.spacing[0] * mask.spacing[1] * mask.spacing[2]) / 1000;
      return Array.from(runs.voxels, (count, i) => ({
        volume: count * voxel,
        suvMax: suvMax(mask, runs, i + 1, pet),
      }));
    };
    const [truth, prediction] = [lesionsOf(masks.truth), lesionsOf(masks.prediction)];
    const { matches } = detectLesions(masks.truth, masks.prediction, label.value, detection);
    const matched = new Set(matches.map((match) => match.prediction));
    const pairs: LesionPair[] = truth.map((lesion, i) => {
      const match = matches.find((one) => one.truth === i + 1);
      if (match === undefined) return { label, truth: lesion };
      const { iou } = match;
      return { label, truth: lesion, prediction: prediction[match.prediction - 1], iou };
    });
    const alone = prediction.filter((_, i) => !matched.has(i + 1));
    const bySize = (a: LesionPair, b: LesionPair) => sizeOf(b) - sizeOf(a);
    return [
      ...pairs.sort(bySize),
      ...alone.map((lesion) => ({ label, prediction: lesion })).sort(bySize),
    ];
  });
}

function sizeOf({ truth, prediction }: LesionPair): number {
  return (truth ?? prediction)?.volume ?? 0;
}

function suvMax(
  mask: Mask,
  { starts, ends, labels, voxels }: ComponentRuns,
  component: number,
  pet: Volume<NumericVoxelArray>,
): number {
  const indices = new Int32Array(3 * voxels[component - 1]!);
  let to = 0;
  labels.forEach((of, run) => {
    if (of !== component) return;
    for (let i = starts[run]!; i < ends[run]!; i++, to += 3) {
      indices.set(voxelIndex(mask.size, i), to);
    }
  });
  const values = valuesInTarget({ mask, indices }, pet, 'pet');
  return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most), NaN);
}
