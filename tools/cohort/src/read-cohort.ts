import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { findInFolder, findInRow, isPath, type CohortCase } from './find-case.ts';
import { firstTwice, readTable, type Table } from './table.ts';
import type { CohortTask } from './tasks.ts';

/** Patients on disk. */
export interface Cohort {
  /** The folder or table that was asked for. */
  readonly data: string;
  /** Undefined where folders alone say who is there. */
  readonly table?: string | undefined;
  /** Of the table. */
  readonly columns: readonly string[];
  /** In the order of the table or, without one, of the names. */
  readonly cases: readonly CohortCase[];
  /** What was left out or looks odd, a sentence each. */
  readonly notes: readonly string[];
}

const SEPARATORS = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
] as const;

/**
 * Finds the patients of a cohort. `data` is
 * - a folder with a folder per patient, laid out as the challenge's training set is
 *   (`CHUM-001/CHUM-001__CT.nii.gz`) or as for the container (`images/ct/*.mha`, `ehr.json`). A table
 *   `*Task_<n>.csv` beside them says who belongs to it, and holds clinical columns and the truth;
 * - or a table (.csv) with a row per patient. Columns named as the task's inputs (`ct`, `pet`, `ehr`,
 *   ...) and `labels` hold paths, relative to the table; without them the folders beside it count.
 *
 * Patients without an image that their task needs are left out and counted in the notes.
 *
 * @throws HecktorError COHORT_INVALID when there is no such cohort, or nobody in it.
 */
export function readCohort(data: string, task: CohortTask): Cohort {
  const { root, path } = locate(resolve(data), task);
  const table = path === undefined ? undefined : readPatients(path);
  const hasPaths = table?.columns.some((column) => isPath(column, task)) ?? false;
  const notes: string[] = [];
  const rows = table?.rows ?? foldersOf(root).map((id) => ({ PatientID: id }));
  const found = rows.map((row): CohortCase => {
    const id = row['PatientID'] ?? '';
    assertName(id, path ?? root);
    const { trouble, ...files } = hasPaths
      ? findInRow(root, row, task)
      : findInFolder(root, id, task);
    if (trouble !== undefined) notes.push(`${id}: ${trouble}`);
    const clinical = Object.entries(row).filter(([column]) => !isPath(column, task));
    return { id, row: table === undefined ? {} : Object.fromEntries(clinical), ...files };
  });
  const needed = task.inputs.filter(({ kind, optional }) => kind === 'image' && optional !== true);
  const isWhole = ({ images }: CohortCase) => needed.every(({ name }) => name in images);
  // Beside the patients there may be other folders.
  const left = found.filter(
    (one) => !isWhole(one) && (table !== undefined || Object.keys(one.images).length > 0),
  );
  if (left.length > 0) {
    const what = needed.map(({ name }) => name.toUpperCase()).join(' or ');
    const who = few(left.map(({ id }) => id));
    notes.push(`${left.length} patients without ${what} are left out: ${who}`);
  }
  const cases = found.filter(isWhole);
  if (cases.length === 0) throw nobody(path ?? root, rows.length, notes);
  return { data, table: path, columns: table?.columns ?? [], cases, notes };
}

function nobody(file: string, count: number, notes: readonly string[]): HecktorError {
  if (count === 0) return invalid(file, 'it has no rows, or no folders');
  const why = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return invalid(file, `none of its ${count} patients can be used${why}`);
}

/** The folder of the patients and, if there is one, their table. */
function locate(data: string, task: CohortTask): { root: string; path?: string | undefined } {
  const stat = statSync(data, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new HecktorError('COHORT_INVALID', {
      file: data,
      detail: 'there is no such folder',
      cause: 'the folder or table does not exist',
      fix: 'correct the path',
    });
  }
  if (/\.csv$/i.test(data)) return { root: dirname(data), path: data };
  if (!stat.isDirectory()) throw invalid(data, 'it is not a folder, nor a table (.csv)');
  if (task.inputs.some(({ kind, path }) => kind === 'image' && existsSync(join(data, path)))) {
    throw invalid(data, 'it is one case, expected a folder that holds a folder per case');
  }
  return { root: data, path: findTable(data, task) };
}

function findTable(folder: string, task: CohortTask): string | undefined {
  const pattern = new RegExp(`${tableName(task).replace('_', '_?')}$`, 'i');
  const [table, second] = tablesIn(folder).filter((each) => pattern.test(each));
  if (second !== undefined) throw invalid(folder, `two tables, ${table} and ${second}`);
  return table === undefined ? undefined : join(folder, table);
}

/** Says that a cohort has no table where one is needed. */
export function noTable(data: string, task: CohortTask): HecktorError {
  const tables = tablesIn(data);
  const there = tables.length === 0 ? 'no .csv at all' : `only ${few(tables)}`;
  return invalid(data, `no table named *${tableName(task)}; it holds ${there}`);
}

function tablesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.csv'));
}

function tableName({ name }: CohortTask): string {
  return `${name.replace(/\d+$/, '_$&')}.csv`;
}

/** Reads a table with a row per patient. Throws COHORT_INVALID. */
export function readPatients(path: string): Table {
  const table = readTable(path);
  if (!table.columns.includes('PatientID')) throw withoutPatients(table, path);
  const twice = firstTwice(table.rows.map((row) => row['PatientID'] ?? ''));
  if (twice !== undefined) throw invalid(path, `the patient '${twice}' is there twice`);
  return table;
}

function withoutPatients({ columns }: Table, file: string): HecktorError {
  const [only = ''] = columns;
  const separator = SEPARATORS.find(([mark]) => columns.length === 1 && only.includes(mark));
  if (separator !== undefined) {
    return new HecktorError('COHORT_INVALID', {
      file,
      detail: `its fields are separated by ${separator[1]}, expected commas`,
      cause: 'a spreadsheet saved it with the separator of its language',
      fix: 'save it with commas between the fields and points in the numbers',
    });
  }
  const have = columns.length === 0 ? 'no columns' : columns.join(', ');
  return invalid(file, `the column PatientID is missing; it has ${have}`);
}

/** Bytes of a patient's name at most: temporary folders have it in theirs, and systems take 255. */
const LONGEST_NAME = 200;

/** Patients' names become folders of the predictions, and are printed. */
function assertName(id: string, file: string): void {
  const isLong = Buffer.byteLength(id) > LONGEST_NAME;
  if (!isLong && /^[^./\\\s\p{Cc}][^/\\\p{Cc}]*$/u.test(id)) return;
  const shown = JSON.stringify(isLong ? `${id.slice(0, 20)}...` : id);
  throw new HecktorError('COHORT_INVALID', {
    ...{ file, detail: `the patient ${shown} cannot be the name of a folder` },
    cause: 'slashes, control characters, a dot or a space in front, or a name that is too long',
    fix: 'rename the patient',
  });
}

function foldersOf(root: string): string[] {
  return readdirSync(root)
    .filter((name) => !name.startsWith('.'))
    .filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() === true)
    .sort();
}

/** Some names of a list, for a sentence. */
export function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');
}

function invalid(file: string, detail: string): HecktorError {
  return new HecktorError('COHORT_INVALID', { file, detail });
}
