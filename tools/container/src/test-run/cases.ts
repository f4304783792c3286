import { HecktorError } from '@hecktor/errors';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type App, fromWorkspace } from '../app.ts';

export interface Case {
  /** Also of its output folder where there are several cases. */
  readonly name: string;
  readonly folder: string;
}

/** The patient that comes with a task. */
export function bundledCase(app: App): Case {
  return { name: 'bundled', folder: join(app.root, 'test/input') };
}

/** The cases of the folders that a person gave, without any the bundled one. */
export async function casesOf(app: App, given: string | readonly string[]): Promise<Case[]> {
  const folders = [given].flat().map((path) => fromWorkspace(app, path));
  return folders.length === 0 ? [bundledCase(app)] : findCases(folders);
}

/**
 * The cases that folders stand for: a folder with images/ or ehr.json is a case, any other folder
 * that has such folders below it stands for each of them.
 */
export async function findCases(folders: readonly string[]): Promise<Case[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const below = (await isCase(folder)) ? [] : await casesBelow(folder);
    // A folder that is neither is run as it is, and the container says what it lacks.
    found.push(...(below.length > 0 ? below : [folder]));
  }
  const names = new Set<string>();
  return found.map((folder) => {
    const own = basename(folder) || 'case';
    let name = own;
    for (let i = 2; names.has(name); i++) name = `${own}-${i}`;
    names.add(name);
    return { name, folder };
  });
}

async function isCase(folder: string): Promise<boolean> {
  const content = await readdir(folder).catch((origin: NodeJS.ErrnoException) => {
    throw new HecktorError('INPUT_FOLDER_MISSING', {
      ...{ file: folder, origin },
      detail:
        origin.code === 'ENOENT'
          ? 'the case does not exist'
          : `the case is no folder that can be read, ${origin.code}`,
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
    // A link that leads nowhere is no case.
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true && (await isCase(path))) cases.push(path);
  }
  return cases;
}
