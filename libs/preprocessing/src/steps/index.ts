import type { Static } from 'typebox';
import type { Engine } from '../engine.ts';
import { cropForegroundStep } from './crop-foreground.ts';
import { cropNeckStep } from './crop-neck.ts';
import { cropNonzeroStep } from './crop-nonzero.ts';
import { cropRegionStep } from './crop-region.ts';
import { ctNormalizationStep } from './ct-normalization.ts';
import { minMaxStep } from './min-max.ts';
import { oneHotStep } from './one-hot.ts';
import { padStep } from './pad.ts';
import { reorientStep } from './reorient.ts';
import { resampleToSpacingStep } from './resample-to-spacing.ts';
import { resampleStep } from './resample.ts';
import { resetGeometryStep } from './reset-geometry.ts';
import { resizeAreaStep } from './resize-area.ts';
import { scaleIntensityStep } from './scale-intensity.ts';
import { zScoreStep } from './z-score.ts';
import type { LazyImages, Step, StepResult } from './step.ts';

/** What each entry of a recipe's `preprocessing` does, by the name in its key `step`. */
export const STEPS = {
  'reset-geometry': resetGeometryStep,
  resample: resampleStep,
  reorient: reorientStep,
  'crop-neck': cropNeckStep,
  'crop-foreground': cropForegroundStep,
  'crop-nonzero': cropNonzeroStep,
  'crop-region': cropRegionStep,
  pad: padStep,
  'resize-area': resizeAreaStep,
  'resample-to-spacing': resampleToSpacingStep,
  'scale-intensity': scaleIntensityStep,
  'z-score': zScoreStep,
  'ct-normalization': ctNormalizationStep,
  'one-hot': oneHotStep,
  'min-max': minMaxStep,
} as const;

type AnySchema = (typeof STEPS)[keyof typeof STEPS]['schema'];

/** An entry of a recipe's list of preprocessing steps, all defaults filled in. */
export type StepConfig = Static<AnySchema>;

/** The schema of each recipe entry, by the name in its key `step`. */
export const STEP_SCHEMAS = Object.fromEntries(
  Object.entries(STEPS).map(([name, { schema }]) => [name, schema]),
) as { readonly [Name in keyof typeof STEPS]: (typeof STEPS)[Name]['schema'] };

/** Runs the step that a recipe entry names. */
export function applyStep(
  images: LazyImages,
  config: StepConfig,
  engine: Engine,
): Promise<StepResult> {
  // The name has chosen the step whose schema the entry was checked with.
  const step = STEPS[config.step] as Step<AnySchema>;
  return step.apply(images, config, engine);
}
