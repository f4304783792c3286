export { areaUnderCurve } from './classification.ts';
export { bootstrapInterval, type BootstrapOptions, type Interval } from './bootstrap-interval.ts';
export { concordanceIndex, type SurvivalCase } from './concordance-index.ts';
export {
  balancedAccuracy,
  confusionMatrix,
  f1Score,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from './classification.ts';
export {
  detectLesions,
  type Detection,
  type DetectionOptions,
  type LesionMatch,
} from './lesion-detection.ts';
export { aggregatedF1, falsePositivesPerPatient, lesionSensitivity } from './lesion-detection.ts';
export { aggregatedDice, dice, meanDice, type EmptyConvention } from './overlap.ts';
export { hausdorff95 } from './hausdorff95.ts';
export { labelOverlap, labelVolume, type Mask, type Overlap } from './overlap.ts';
