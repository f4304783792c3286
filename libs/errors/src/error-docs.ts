import { CONTAINER_ERRORS } from './catalogue-container.ts';
import { IMAGE_ERRORS } from './catalogue-image.ts';
import { COHORT_ERRORS, OUTPUT_ERRORS } from './catalogue-output.ts';
import { PIPELINE_ERRORS } from './catalogue-pipeline.ts';
import { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';

/** A part of the catalogue under one heading. */
export interface CatalogueSection {
  readonly title: string;
  readonly entries: Readonly<Record<string, CatalogueEntry>>;
}

const { INTERNAL, INVALID_ARGUMENT } = CATALOGUE;

/** The whole catalogue as documentation shows it. */
export const CATALOGUE_SECTIONS: readonly CatalogueSection[] = [
  { title: 'Container, machine and engine', entries: CONTAINER_ERRORS },
  { title: 'Recipe, models, inputs and the run', entries: PIPELINE_ERRORS },
  { title: 'Outputs', entries: OUTPUT_ERRORS },
  { title: 'Images', entries: IMAGE_ERRORS },
  { title: 'Scoring a labelled set', entries: COHORT_ERRORS },
  { title: 'Faults of this software', entries: { INTERNAL, INVALID_ARGUMENT } },
];

/** Where the documentation explains an error, relative to the workspace. The place is stable. */
export function errorDocs(code: ErrorCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
