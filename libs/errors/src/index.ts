export { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { CATALOGUE_SECTIONS, type CatalogueSection } from './error-docs.ts';
export { errorDocs } from './error-docs.ts';
export { explainSchemaErrors } from './schema-errors.ts';
export { EXIT } from './exit-codes.ts';
export { HecktorError, isHecktorError, type ErrorFacts } from './hecktor-error.ts';
export { nearMiss, suggestion } from './schema-errors.ts';
export { systemErrorCode } from './system-error-code.ts';
