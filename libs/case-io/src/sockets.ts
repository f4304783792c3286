import type { TaskInput } from './task.ts';
import type { OutputFile } from './write-output.ts';

/** An input or output of the challenge. Being replaced by the lists of each task.json. */
export type InputSocket = TaskInput;
export type OutputSocket = OutputFile;

export const CT: InputSocket = {
  name: 'ct',
  slugs: ['ct', 'ct-image'],
  path: 'images/ct',
  kind: 'image',
  optional: false,
};

export const PET: InputSocket = {
  name: 'pet',
  slugs: ['pet', 'pet-image', 'fdg-pet', 'fdg-pet-image'],
  path: 'images/pet',
  kind: 'image',
  optional: false,
};

/** Optional in every task: any of its values, and so all of them, may be missing. */
export const CLINICAL_RECORD: InputSocket = {
  name: 'ehr',
  slugs: ['ehr', 'electronic-health-record', 'electronic-health-records'],
  path: 'ehr.json',
  kind: 'clinical-record',
  optional: true,
};

export const PLANNING_CT: InputSocket = {
  name: 'ct-planning',
  slugs: ['ct-planning', 'planning-ct'],
  path: 'images/ct-planning',
  kind: 'image',
  optional: true,
};

export const RT_DOSE: InputSocket = {
  name: 'rt-dose',
  slugs: ['rt-dose', 'rt-dose-map'],
  path: 'images/rt-dose',
  kind: 'image',
  optional: true,
};

/** The label map of Task 1. */
export const SEGMENTATION: OutputSocket = {
  name: 'tumor-lymph-node-segmentation',
  path: 'images/tumor-lymph-node-segmentation/output.mha',
};

/** The risk of recurrence of Task 2: one finite number, higher = earlier. */
export const RFS: OutputSocket = { name: 'rfs', path: 'rfs.json' };

/** The HPV status of Task 3: true or false. */
export const HPV_STATUS: OutputSocket = { name: 'hpv-status', path: 'hpv-status.json' };
