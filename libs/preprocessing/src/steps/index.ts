import { Type } from 'typebox';
import type { Static } from 'typebox';
import { CROP_FOREGROUND_SCHEMA, cropForegroundStep } from './crop-foreground.ts';
import { CROP_NECK_SCHEMA, cropNeckStep } from './crop-neck.ts';
import { CROP_REGION_SCHEMA, cropRegionStep } from './crop-region.ts';
import { RESET_GEOMETRY_SCHEMA, resetGeometryStep } from './reset-geometry.ts';
import { MIN_MAX_SCHEMA, minMaxStep } from './min-max.ts';
import { PAD_SCHEMA, padStep } from './pad.ts';
import { REORIENT_SCHEMA, reorientStep } from './reorient.ts';
import { RESAMPLE_SCHEMA, resampleStep } from './resample.ts';
import { RESIZE_AREA_SCHEMA, resizeAreaStep } from './resize-area.ts';
import { SCALE_INTENSITY_SCHEMA, scaleIntensityStep } from './scale-intensity.ts';
import { Z_SCORE_SCHEMA, zScoreStep } from './z-score.ts';

/** The schema of each recipe entry, by the name in its key `step`. */
export const STEP_SCHEMAS = {
  'reset-geometry': RESET_GEOMETRY_SCHEMA,
  resample: RESAMPLE_SCHEMA,
  reorient: REORIENT_SCHEMA,
  'crop-neck': CROP_NECK_SCHEMA,
  'crop-foreground': CROP_FOREGROUND_SCHEMA,
  'crop-region': CROP_REGION_SCHEMA,
  pad: PAD_SCHEMA,
  'resize-area': RESIZE_AREA_SCHEMA,
  'scale-intensity': SCALE_INTENSITY_SCHEMA,
  'z-score': Z_SCORE_SCHEMA,
  'min-max': MIN_MAX_SCHEMA,
} as const;

/** Any one entry of a recipe's list of preprocessing steps. */
export const STEP_SCHEMA = Type.Union(Object.values(STEP_SCHEMAS));

/** An entry of a recipe's list of preprocessing steps, all defaults filled in. */
export type StepConfig = Static<(typeof STEP_SCHEMAS)[keyof typeof STEP_SCHEMAS]>;

/** What each step does. */
export const STEPS = {
  'reset-geometry': resetGeometryStep,
  resample: resampleStep,
  reorient: reorientStep,
  'crop-neck': cropNeckStep,
  'crop-foreground': cropForegroundStep,
  'crop-region': cropRegionStep,
  pad: padStep,
  'resize-area': resizeAreaStep,
  'scale-intensity': scaleIntensityStep,
  'z-score': zScoreStep,
  'min-max': minMaxStep,
} as const;
