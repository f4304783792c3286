import { HecktorError } from '@hecktor/errors';
import type { CohortCase } from './find-case.ts';
import { few, noTable, type Cohort } from './read-cohort.ts';
import { isMissing } from './table.ts';
import type { CohortTask } from './tasks.ts';

/**
 * The labelled patients of a cohort: those with the columns of the task's `evaluation` and, where label
 * maps are scored, with a label map. The others are left out and counted in the notes.
 *
 * @throws HecktorError COHORT_INVALID when a column is missing or nobody is left.
 */
export function requireTruth(cohort: Cohort, task: CohortTask): Cohort {
  const { columns = [], metric } = task.evaluation ?? {};
  if (columns.length > 0) assertColumns(cohort, task, columns);
  const notes = [...cohort.notes];
  const keep = (
    cases: readonly CohortCase[],
    what: string,
    has: (one: CohortCase) => boolean,
  ): readonly CohortCase[] => {
    const without = cases.filter((one) => !has(one)).map(({ id }) => id);
    if (without.length > 0) {
      notes.push(`${without.length} patients without ${what} are left out: ${few(without)}`);
    }
    return cases.filter(has);
  };
  const known = keep(
    cohort.cases,
    columns.join(' or '),
    ({ row }) => !columns.some((name) => isMissing(row[name])),
  );
  const cases =
    metric === 'dice' ? keep(known, 'a label map', ({ labels }) => labels !== undefined) : known;
  if (cases.length === 0) {
    const detail = `none of its ${cohort.cases.length} patients can be scored (${notes.join('; ')})`;
    throw new HecktorError('COHORT_INVALID', { file: cohort.table ?? cohort.data, detail });
  }
  return { ...cohort, cases, notes };
}

function assertColumns(
  { table, data, columns }: Cohort,
  task: CohortTask,
  wanted: readonly string[],
): void {
  if (table === undefined) throw noTable(data, task);
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const detail = `the column ${missing.join(' and ')} is missing; it has ${columns.join(', ')}`;
  throw new HecktorError('COHORT_INVALID', { file: table, detail });
}
