import { CONTAINER_ERRORS } from './catalogue-container.ts';
import { IMAGE_ERRORS } from './catalogue-image.ts';
import { COHORT_ERRORS, OUTPUT_ERRORS } from './catalogue-output.ts';
import { PIPELINE_ERRORS } from './catalogue-pipeline.ts';
import { internal, type CatalogueEntry } from './exit-codes.ts';

const FAULTS = {
  INTERNAL: internal({
    what: 'an unexpected error',
    cause: 'a fault in this software',
    fix: 'run again with DEBUG=1 and report the output',
  }),
  INVALID_ARGUMENT: internal({
    what: 'a function was called with an argument it cannot take',
    cause: 'a fault in the calling code',
    fix: 'correct the call',
  }),
};

/** Every error a user can meet, by its stable code. Codes are never renamed or reused. */
export const CATALOGUE = {
  ...IMAGE_ERRORS,
  ...PIPELINE_ERRORS,
  ...OUTPUT_ERRORS,
  ...CONTAINER_ERRORS,
  ...COHORT_ERRORS,
  ...FAULTS,
};

export type ErrorCode = keyof typeof CATALOGUE;

/** A part of the catalogue under one heading. */
interface CatalogueSection {
  readonly title: string;
  readonly entries: Readonly<Record<string, CatalogueEntry>>;
}

/** The whole catalogue as documentation shows it. */
export const CATALOGUE_SECTIONS: readonly CatalogueSection[] = [
  { title: 'Container, machine and engine', entries: CONTAINER_ERRORS },
  { title: 'Recipe, models, inputs and the run', entries: PIPELINE_ERRORS },
  { title: 'Outputs', entries: OUTPUT_ERRORS },
  { title: 'Images', entries: IMAGE_ERRORS },
  { title: 'Scoring a labelled set', entries: COHORT_ERRORS },
  { title: 'Faults of this software', entries: FAULTS },
];

/** Where the documentation explains an error, relative to the workspace. The place is stable. */
export function errorDocs(code: ErrorCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
