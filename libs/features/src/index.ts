export { DOSE_FEATURE_NAMES, doseFeatures, type DoseFeatureOptions } from './dose-features.ts';
export { MASK_FEATURE_NAMES, maskFeatures, type MaskFeatureOptions } from './mask-features.ts';
export { suvPeak } from './suv-peak.ts';
export { valuesInTarget } from './interpolate.ts';
export type { TargetVoxels } from './targets.ts';
