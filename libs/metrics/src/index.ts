export {
  bootstrapInterval,
  bootstrapScores,
  pairedDifference,
  type Difference,
  type Interval,
} from './bootstrap.ts';
export {
  areaUnderCurve,
  balancedAccuracy,
  confusionMatrix,
  f1Score,
  meanRecall,
  recalls,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from './classification.ts';
export { concordanceIndex, type SurvivalCase } from './concordance-index.ts';
export { cropToLabels } from './crop-to-labels.ts';
export { hausdorff95, type Hausdorff95Convention } from './hausdorff95.ts';
export {
  aggregatedF1,
  detectLesions,
  falsePositivesPerPatient,
  lesionSensitivity,
  type Detection,
  type DetectionOptions,
  type LesionMatch,
} from './lesion-detection.ts';
export {
  aggregatedDice,
  dice,
  labelOverlap,
  meanDice,
  type EmptyConvention,
  type Mask,
  type Overlap,
} from './overlap.ts';
export { percentileOfSorted } from './percentile.ts';
export { bordaRanks, ranks } from './ranking.ts';
export { scoreLabels, type LabelScore } from './score-labels.ts';
