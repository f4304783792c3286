import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { firstTwice, type Table } from './parse-csv.ts';
import { readTable } from './read-table.ts';
import type { Task } from './tasks.ts';

/** One labelled patient on disk. */
export interface CohortCase {
  readonly id: string;
  /** Row of the table, by column. */
  readonly row: Readonly<Record<string, string>>;
  /** Image files by what follows the patient's name: `__CT`, `__PT`, `__CTPlanning`, ... */
  readonly images: Readonly<Record<string, string>>;
}

/** A labelled set in the layout of the challenge's training set. */
export interface Cohort {
  readonly table: string;
  readonly cases: readonly CohortCase[];
  /** What was left out or looks odd, a sentence each. */
  readonly notes: readonly string[];
}

const ENDINGS = ['.nii.gz', '.nii', '.mha'];
const IMAGES = ['__CT', '__PT', '__CTPlanning', '__RTDOSE', ''];
const SEPARATORS = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
] as const;
const MISSING = new Set(['', 'nan', 'na', 'none', 'null']);

/** Whether a field of a table holds no value. */
export function isMissing(field: string | undefined): boolean {
  return field === undefined || MISSING.has(field.toLowerCase());
}

/**
 * Finds a labelled set: one table `*Task_<n>.csv` and a folder per patient with
 * `<PatientID>__CT.nii.gz` and so on. Patients without the targets or without images are left out
 * and told in the notes.
 *
 * @throws HecktorError COHORT_INVALID when the folder, the table, a column or every patient is
 * missing.
 */
export function readCohort(folder: string, task: Task): Cohort {
  const path = findTable(folder, task);
  const table = readTable(path);
  assertColumns(table, ['PatientID', ...task.targets], path);
  const ids = table.rows.map((row) => row['PatientID'] ?? '');
  const twice = firstTwice(ids);
  if (twice !== undefined) throw invalid(path, `the patient '${twice}' is there twice`);
  const notes: string[] = [];
  const labelled = table.rows.filter((row) => !task.targets.some((t) => isMissing(row[t])));
  if (labelled.length < table.rows.length) {
    const count = table.rows.length - labelled.length;
    notes.push(`${count} patients without ${task.targets.join(' or ')} are left out`);
  }
  const found = labelled.map((row) => {
    const id = row['PatientID'] ?? '';
    return { id, row, images: findImages(join(folder, id), id) };
  });
  const cases = found.filter(({ images }) => '__CT' in images && '__PT' in images);
  if (cases.length < found.length) {
    const kept = new Set(cases);
    const without = found.filter((one) => !kept.has(one)).map(({ id }) => id);
    notes.push(`${without.length} patients without CT or PET are left out: ${few(without)}`);
  }
  if (cases.length === 0) {
    throw invalid(
      path,
      table.rows.length === 0
        ? 'it has no rows'
        : `none of its ${table.rows.length} patients can be scored (${notes.join('; ')})`,
    );
  }
  return { table: path, cases, notes };
}

function findTable(folder: string, task: Task): string {
  if (!existsSync(folder)) throw invalid(folder, 'there is no such folder');
  if (!statSync(folder).isDirectory()) throw invalid(folder, 'it is not a folder');
  const pattern = new RegExp(`Task_?${task.number}\\.csv$`, 'i');
  const tables = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const [name, second] = tables.filter((each) => pattern.test(each));
  if (name === undefined) {
    const there = tables.length === 0 ? 'no .csv at all' : `only ${few(tables)}`;
    throw invalid(folder, `no table named *Task_${task.number}.csv; it holds ${there}`);
  }
  if (second !== undefined) throw invalid(folder, `two tables, ${name} and ${second}`);
  return join(folder, name);
}

function assertColumns(table: Table, wanted: readonly string[], file: string): void {
  const missing = wanted.filter((name) => !table.columns.includes(name));
  if (missing.length === 0) return;
  const [only = ''] = table.columns;
  const separator = SEPARATORS.find(([mark]) => table.columns.length === 1 && only.includes(mark));
  if (separator !== undefined) {
    throw new HecktorError('COHORT_INVALID', {
      file,
      detail: `its fields are separated by ${separator[1]}, expected commas`,
      cause: 'a spreadsheet saved it with the separator of its language',
      fix: 'save it with commas between the fields and points in the numbers',
    });
  }
  const have = table.columns.length === 0 ? 'no columns' : table.columns.join(', ');
  throw invalid(file, `the column ${missing.join(' and ')} is missing; it has ${have}`);
}

function findImages(folder: string, id: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of IMAGES) {
    const paths = ENDINGS.map((ending) => join(folder, `${id}${name}${ending}`));
    const path = paths.find((each) => existsSync(each));
    if (id !== '' && path !== undefined) found[name] = path;
  }
  return found;
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');
}

function invalid(file: string, detail: string): HecktorError {
  return new HecktorError('COHORT_INVALID', { file, detail });
}
