import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findInputs } from '@hecktor/case-io';
import { isHecktorError } from '@hecktor/errors';
import { isTrainingImage, type CohortTask } from './tasks.ts';

/** One patient on disk. */
export interface CohortCase {
  readonly id: string;
  /** Row of the table, by column; empty without a table. */
  readonly row: Readonly<Record<string, string>>;
  /** Image files by the name of the task's input. */
  readonly images: Readonly<Record<string, string>>;
  /** The clinical record as a file; without one it is made of the row. */
  readonly record?: string | undefined;
  /** The label map that counts as the truth. */
  readonly labels?: string | undefined;
}

/** A patient's files, and why some were not found where that takes a sentence. */
type FoundFiles = Pick<CohortCase, 'images' | 'record' | 'labels'> & {
  readonly trouble?: string | undefined;
};

const ENDINGS = ['.nii.gz', '.nii', '.mha'];

/** Column of a table of paths that holds the truth's label map. */
const LABELS = 'labels';

/**
 * Finds a patient's files in `<root>/<id>`: laid out as in the training set (`<id>__CT.nii.gz`, the
 * label map `<id>.nii.gz`) or as for the container (`images/ct/*`, `ehr.json`).
 */
export function findInFolder(root: string, id: string, task: CohortTask): FoundFiles {
  const folder = join(root, id);
  const find = (suffix: string): string | undefined =>
    ENDINGS.map((ending) => join(folder, `${id}${suffix}${ending}`)).find((path) =>
      existsSync(path),
    );
  const labels = find('');
  const images = task.inputs.filter(isTrainingImage).flatMap(({ name, trainingSuffix }) => {
    const path = find(trainingSuffix);
    return path === undefined ? [] : [[name, path] as const];
  });
  const isContainerLayout = task.inputs.some(
    ({ kind, path }) => kind === 'image' && existsSync(join(folder, path)),
  );
  if (images.length > 0 || !isContainerLayout) {
    return { images: Object.fromEntries(images), labels };
  }
  try {
    return { ...byKind(findInputs(folder, task.inputs), task), labels };
  } catch (error) {
    if (!isHecktorError(error)) throw error;
    return { images: {}, labels, trouble: error.detail };
  }
}

/**
 * Takes a patient's files from a row: columns with the names of the task's inputs, and `labels`, hold
 * paths, which are relative to `root`.
 */
export function findInRow(
  root: string,
  row: Readonly<Record<string, string>>,
  task: CohortTask,
): FoundFiles {
  const paths = Object.entries(row)
    .filter(([, path]) => path !== '')
    .map(([column, path]) => [column.toLowerCase(), resolve(root, path)] as const);
  const lost = paths.filter(([column, path]) => isPath(column, task) && !existsSync(path));
  const found = Object.fromEntries(paths.filter(([, path]) => existsSync(path)));
  return {
    ...byKind(found, task),
    labels: found[LABELS],
    trouble:
      lost.length === 0 ? undefined : `there is no ${lost.map(([, path]) => path).join(', ')}`,
  };
}

/** Whether a column of a table holds paths. */
export function isPath(column: string, { inputs }: CohortTask): boolean {
  const name = column.toLowerCase();
  return name === LABELS || inputs.some((input) => input.name === name);
}

function byKind(
  found: Readonly<Record<string, string>>,
  { inputs }: CohortTask,
): Pick<CohortCase, 'images' | 'record'> {
  const of = (kind: string) =>
    inputs
      .filter((input) => input.kind === kind && input.name in found)
      .map(({ name }) => [name, found[name]!] as const);
  return { images: Object.fromEntries(of('image')), record: of('clinical-record')[0]?.[1] };
}
