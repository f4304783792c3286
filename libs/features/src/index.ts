export { DOSE_FEATURE_NAMES, doseFeatures, type DoseFeatureOptions } from './dose-features.ts';
export { MASK_FEATURE_NAMES, maskFeatures, type MaskFeatureOptions } from './mask-features.ts';
export { boxMask, type BoxMask } from './radiomics/region.ts';
export { radiomics, type RadiomicsOptions } from './radiomics/radiomics.ts';
export { canonicalName, radiomicsNames, type RadiomicsParams } from './radiomics/params.ts';
export {
  parseRadiomicsName,
  RADIOMICS_SCHEMA,
  targetRadiomics,
  type RadiomicsEntry,
  type RadiomicsName,
  type TargetRadiomicsOptions,
} from './radiomics/target-radiomics.ts';
