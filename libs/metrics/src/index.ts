export { areaUnderCurve } from './area-under-curve.ts';
export { bootstrapInterval, type BootstrapOptions, type Interval } from './bootstrap-interval.ts';
export { concordanceIndex, type SurvivalCase } from './concordance-index.ts';
export {
  balancedAccuracy,
  confusionMatrix,
  f1Score,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from './confusion-matrix.ts';
export {
  detectLesions,
  type Detection,
  type DetectionOptions,
  type LesionMatch,
} from './detect-lesions.ts';
export { aggregatedF1, falsePositivesPerPatient, lesionSensitivity } from './detection-scores.ts';
export { aggregatedDice, dice, meanDice, type EmptyConvention } from './dice.ts';
export { hausdorff95 } from './hausdorff95.ts';
export { labelOverlap, labelVolume, type Mask, type Overlap } from './label-overlap.ts';
