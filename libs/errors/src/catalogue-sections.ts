import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
import { COHORT_ERRORS } from './catalogue-cohort.ts';
import { CONTAINER_ERRORS } from './catalogue-container.ts';
import { IMAGE_ERRORS } from './catalogue-image.ts';
import { OUTPUT_ERRORS } from './catalogue-output.ts';
import { PIPELINE_ERRORS } from './catalogue-pipeline.ts';

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
