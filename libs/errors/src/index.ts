export { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { CATALOGUE_SECTIONS, type CatalogueSection } from './catalogue-sections.ts';
export { errorDocs } from './error-docs.ts';
export { explainSchemaErrors } from './explain-schema-errors.ts';
export { EXIT } from './exit-codes.ts';
export { HecktorError, isHecktorError, type ErrorFacts } from './hecktor-error.ts';
export { nearMiss, suggestion } from './near-miss.ts';
export { systemErrorCode } from './system-error-code.ts';
