export { CATALOGUE, CATALOGUE_SECTIONS, errorDocs, type ErrorCode } from './catalogue.ts';
export { EXIT, type CatalogueEntry } from './exit-codes.ts';
export { HecktorError, isHecktorError, type ErrorFacts } from './hecktor-error.ts';
export { explainSchemaErrors, nearMiss, suggestion } from './schema-errors.ts';
export { systemErrorCode } from './system-error-code.ts';
