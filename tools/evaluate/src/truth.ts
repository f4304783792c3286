import { statSync } from 'node:fs';
import {
  masksIn,
  readCohort,
  readPatients,
  requireTruth,
  type Cohort,
  type CohortCase,
} from '@hecktor/cohort';
import type { ScoredTask } from './tasks.ts';

/**
 * The patients whose truth is known: those of a cohort, of a folder of masks `<id>.nii.gz`, or of a
 * table alone where numbers or classes are scored.
 *
 * @param data The cohort of their images and clinical records.
 * @throws HecktorError COHORT_INVALID
 */
export function readTruth(truth: string, task: ScoredTask, data = truth): Cohort {
  const labelled = readLabelled(truth, task);
  if (data === truth) return labelled;
  const files = new Map(readCohort(data, task).cases.map((one) => [one.id, one]));
  const cases = labelled.cases.map((one): CohortCase => {
    const { id, row, labels } = one;
    const found = files.get(id);
    return found === undefined ? one : { ...found, row: { ...found.row, ...row }, labels };
  });
  return { ...labelled, cases };
}

function readLabelled(truth: string, task: ScoredTask): Cohort {
  const isSegmented = task.evaluation.metric === 'dice';
  const stat = statSync(truth, { throwIfNoEntry: false });
  if (stat?.isDirectory() && isSegmented) {
    const cases = [...masksIn(truth)].map(([id, labels]) => ({ id, row: {}, images: {}, labels }));
    if (cases.length > 0) return { data: truth, columns: [], cases, notes: [] };
  }
  if (stat?.isFile() && !isSegmented) return requireTruth(fromTable(truth), task);
  return requireTruth(readCohort(truth, task), task);
}

function fromTable(file: string): Cohort {
  const { columns, rows } = readPatients(file);
  const cases = rows.map((row) => ({ id: row['PatientID'] ?? '', row, images: {} }));
  return { data: file, table: file, columns, cases, notes: [] };
}
