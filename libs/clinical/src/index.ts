export type { ClinicalRecord, ClinicalValue } from './clinical-value.ts';
export { encodeFeatures, featureNames, normalisedCategory } from './encode-features.ts';
export { ENCODER_SCHEMAS, type Encoder } from './encoder-schema.ts';
export { parseClinicalRecord, type ParsedRecord } from './parse-clinical-record.ts';
export { describeJsonFault, parseTolerantJson, type TolerantJson } from './parse-tolerant-json.ts';
export { CLINICAL_RECORD_SCHEMA } from './record-schema.ts';
