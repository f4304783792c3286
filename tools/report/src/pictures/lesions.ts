import type { Label } from '@hecktor/case-io';
import { lesionsOf, type Lesion } from '@hecktor/features/uptake';
import { detectLesions, type DetectionOptions, type Mask } from '@hecktor/metrics';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';

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
    const [truth, prediction] = [masks.truth, masks.prediction].map((mask) =>
      lesionsOf(mask, label.value, connectivity, pet),
    ) as [Lesion[], Lesion[]];
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
