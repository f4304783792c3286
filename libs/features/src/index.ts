export { DOSE_FEATURE_NAMES, doseFeatures, type DoseFeatureOptions } from './dose-features.ts';
export { MASK_FEATURE_NAMES, maskFeatures, type MaskFeatureOptions } from './mask-features.ts';
export { boxMask, type BoxMask } from './radiomics/region.ts';
export { radiomics, type RadiomicsOptions } from './radiomics/radiomics.ts';
export {
  canonicalName,
  RADIOMICS_PARAMS_SCHEMA,
  radiomicsNames,
  type RadiomicsParams,
} from './radiomics/params.ts';
