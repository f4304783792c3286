import { doseFeatures, maskFeatures, targetRadiomics } from '@hecktor/features';
import {
  DOSE_IMAGE,
  doseThresholds,
  isComputed,
  stagesOf,
  type LoadedRecipe,
} from '@hecktor/recipe';
import type { Volume } from '@hecktor/volume';
import type { CaseImages } from './read-case.ts';
import { stagesNamed, type RunContext } from './run-context.ts';
import { segmentImages, type LabelMapOutput } from './run-segmentation.ts';

/** Of the time; the networks after it look at the image once, not in windows. */
const SHARE = 0.75;

/** Values worked out from the images, and figures for the log. */
export interface ComputedValues {
  /** By the names that features use, e.g. `mask.GTVp.volume`; what does not exist is left out. */
  readonly values: Readonly<Record<string, number>>;
  /** Windows that went through the network of the segmentation. */
  readonly windows: number;
  /** What the segmentation gave. */
  readonly labels?: Volume<Uint8Array>;
}

/**
 * Segments the case if the recipe says so, and measures the masks and the dose in them.
 *
 * @param output - What the task says of the label map, where it is written too.
 * @throws HecktorError as segmenting does.
 */
export async function computeValues(
  images: CaseImages,
  { recipe, segmentation }: LoadedRecipe<'prediction'>,
  context: RunContext,
  output?: LabelMapOutput,
): Promise<ComputedValues> {
  if (segmentation === undefined) return { values: {}, windows: 0 };
  const { ct, pet, [DOSE_IMAGE]: dose } = images;
  const stages = stagesNamed('segmentation', context, SHARE);
  const { labels, windows } = await segmentImages({ ct, pet }, segmentation, stages, output);
  const features = stagesOf(recipe).flatMap((stage) => stage.features);
  const wanted = features.map(({ of }) => of).filter(isComputed);
  const { run } = context;
  const entries = recipe.radiomics ?? {};
  const all = await context.timer.time('features', async () => ({
    ...maskFeatures({ labels, pet, ct }),
    ...(dose !== undefined && doseFeatures({ labels, dose, volumesAt: doseThresholds(wanted) })),
    ...(await targetRadiomics({ labels, images, entries, names: wanted, ...(run && { run }) })),
  }));
  const values = Object.fromEntries(
    wanted.flatMap((name) => {
      const value = all[name];
      return value !== undefined && Number.isFinite(value) ? [[name, value]] : [];
    }),
  );
  const missing = [...new Set(wanted)].filter((name) => !(name in values));
  if (missing.length > 0) {
    context.log.info('values that do not exist for this case', { features: missing });
  }
  return { values, windows, labels };
}
