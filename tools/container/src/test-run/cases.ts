import { HecktorError } from '@hecktor/errors';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Task } from '../task.ts';

/** A patient's input folder. */
export interface Case {
  /** For the report; also the name of its output folder where there are several cases. */
  readonly name: string;
  readonly folder: string;
}

/** The patient that comes with a task. */
export function bundledCase(task: Task): Case {
  return { name: 'bundled', folder: join(task.root, 'test/input') };
}

/**
 * The cases that folders stand for: a folder with images/ or ehr.json is a case, any other folder
 * that has such folders below it stands for each of them, in the order of their names.
 *
 * @throws HecktorError INPUT_FOLDER_MISSING for a folder that does not exist.
 */
export async function findCases(folders: readonly string[]): Promise<Case[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const below = (await isCase(folder)) ? [] : await casesBelow(folder);
    // A folder that is neither is run as it is, and the container says what it lacks.
    found.push(...(below.length > 0 ? below : [folder]));
  }
  const names = new Map<string, number>();
  return found.map((folder) => {
    const name = basename(folder);
    const seen = (names.get(name) ?? 0) + 1;
    names.set(name, seen);
    return { name: seen === 1 ? name : `${name}-${seen}`, folder };
  });
}

async function isCase(folder: string): Promise<boolean> {
  const content = await readdir(folder).catch(() => {
    throw new HecktorError('INPUT_FOLDER_MISSING', {
      file: folder,
      detail: 'the case does not exist',
      cause: 'a mistyped path, or one with a comma, which parts several cases',
      fix: 'give an existing folder with --case=<folder>',
    });
  });
  return content.some((name) => ['images', 'ehr.json', 'inputs.json'].includes(name));
}

async function casesBelow(folder: string): Promise<string[]> {
  const cases: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isDirectory() && (await isCase(path))) cases.push(path);
  }
  return cases;
}
