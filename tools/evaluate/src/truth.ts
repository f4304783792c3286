import { statSync } from 'node:fs';
import { masksIn, readCohort, readTable, requireTruth, type Cohort } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import type { ScoredTask } from './tasks.ts';

/**
 * The patients whose truth is known: those of a cohort, of a folder of masks `<id>.nii.gz`, or of a
 * table alone where numbers or classes are scored.
 *
 * @throws HecktorError COHORT_INVALID
 */
export function readTruth(truth: string, task: ScoredTask): Cohort {
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
  const { columns, rows } = readTable(file);
  const cases = rows.map((row) => ({ id: row['PatientID'] ?? '', row, images: {} }));
  const fail = (detail: string) => new HecktorError('COHORT_INVALID', { file, detail });
  if (!columns.includes('PatientID')) throw fail('the column PatientID is missing');
  if (new Set(cases.map(({ id }) => id)).size < cases.length)
    throw fail('a patient is there twice');
  return { data: file, table: file, columns, cases, notes: [] };
}
