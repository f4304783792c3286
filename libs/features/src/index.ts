export { doseFeatures, type DoseFeatureOptions } from './dose-features.ts';
export { DOSE_FEATURE_NAMES, MASK_FEATURE_NAMES } from './feature-names.ts';
export { maskFeatures, type MaskFeatureOptions } from './mask-features.ts';
