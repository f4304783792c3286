export { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { EXIT } from './exit-codes.ts';
export { HecktorError, isHecktorError, type ErrorFacts } from './hecktor-error.ts';
