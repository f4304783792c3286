import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { isImage, type ScoredTask } from './tasks.ts';
import { firstTwice, readTable, type Table } from './table.ts';

/** One labelled patient on disk. */
export interface CohortCase {
  readonly id: string;
  /** Row of the table, by column. */
  readonly row: Readonly<Record<string, string>>;
  /** Image files by the name of the task's input. */
  readonly images: Readonly<Record<string, string>>;
  readonly labels?: string | undefined;
}

/** A labelled set in the layout of the challenge's training set. */
export interface Cohort {
  readonly table: string;
  readonly cases: readonly CohortCase[];
  /** What was left out or looks odd, a sentence each. */
  readonly notes: readonly string[];
}

const ENDINGS = ['.nii.gz', '.nii', '.mha'];
const SEPARATORS = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
] as const;
const MISSING = new Set(['', 'nan', 'na', 'none', 'null']);

export function isMissing(field: string | undefined): boolean {
  return field === undefined || MISSING.has(field.toLowerCase());
}

/**
 * Finds a labelled set: one table `*Task_<n>.csv` and a folder per patient with
 * `<PatientID>__CT.nii.gz` and so on. Patients without the truth or without images are left out and
 * counted in the notes.
 */
export function readCohort(folder: string, task: ScoredTask): Cohort {
  const path = findTable(folder, task);
  const table = readTable(path);
  const { columns } = task.evaluation;
  assertColumns(table, ['PatientID', ...columns], path);
  const twice = firstTwice(table.rows.map((row) => row['PatientID'] ?? ''));
  if (twice !== undefined) throw invalid(path, `the patient '${twice}' is there twice`);
  const notes: string[] = [];
  const labelled = table.rows.filter((row) => !columns.some((name) => isMissing(row[name])));
  if (labelled.length < table.rows.length) {
    const count = table.rows.length - labelled.length;
    notes.push(`${count} patients without ${columns.join(' or ')} are left out`);
  }
  const leaveOut = (
    all: readonly CohortCase[],
    what: string,
    has: (one: CohortCase) => boolean,
  ): CohortCase[] => {
    const without = all.filter((one) => !has(one)).map(({ id }) => id);
    if (without.length > 0) {
      notes.push(`${without.length} patients without ${what} are left out: ${few(without)}`);
    }
    return all.filter(has);
  };
  const images = task.inputs.filter((input) => isImage(input) && input.optional !== true);
  const names = images.map(({ name }) => name.toUpperCase());
  let cases = leaveOut(
    labelled.map((row) => findCase(folder, row, task)),
    names.join(' or '),
    (one) => images.every(({ name }) => name in one.images),
  );
  if (task.output.kind === 'label-map') {
    cases = leaveOut(cases, 'a label map', ({ labels }) => labels !== undefined);
  }
  if (table.rows.length === 0) throw invalid(path, 'it has no rows');
  if (cases.length === 0) {
    const why = notes.join('; ');
    throw invalid(path, `none of its ${table.rows.length} patients can be scored (${why})`);
  }
  return { table: path, cases, notes };
}

function findTable(folder: string, task: ScoredTask): string {
  if (!existsSync(folder)) throw invalid(folder, 'there is no such folder');
  if (!statSync(folder).isDirectory()) throw invalid(folder, 'it is not a folder');
  const name = task.name.replace(/\d+$/, '_$&');
  const pattern = new RegExp(`${name.replace('_', '_?')}\\.csv$`, 'i');
  const tables = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const [table, second] = tables.filter((each) => pattern.test(each));
  if (table === undefined) {
    const there = tables.length === 0 ? 'no .csv at all' : `only ${few(tables)}`;
    throw invalid(folder, `no table named *${name}.csv; it holds ${there}`);
  }
  if (second !== undefined) throw invalid(folder, `two tables, ${table} and ${second}`);
  return join(folder, table);
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

function findCase(
  root: string,
  row: Readonly<Record<string, string>>,
  task: ScoredTask,
): CohortCase {
  const id = row['PatientID'] ?? '';
  const find = (suffix: string): string | undefined =>
    ENDINGS.map((ending) => join(root, id, `${id}${suffix}${ending}`)).find((path) =>
      existsSync(path),
    );
  if (id === '') return { id, row, images: {} };
  const images = task.inputs.filter(isImage).flatMap(({ name, trainingSuffix }) => {
    const path = find(trainingSuffix);
    return path === undefined ? [] : [[name, path] as const];
  });
  return { id, row, images: Object.fromEntries(images), labels: find('') };
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');
}

function invalid(file: string, detail: string): HecktorError {
  return new HecktorError('COHORT_INVALID', { file, detail });
}
