import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { HecktorError } from '@hecktor/errors';

/** Where recipes and models are looked for: the first folder that has a file wins. */
export interface ResourceFolders {
  /** Weights that the platform mounts apart from the image. */
  readonly modelFolder: string;
  /** The folder inside the image. */
  readonly resources: string;
}

/**
 * Throws unless a folder is one, or is not there.
 *
 * @param setting - The environment variable that names it.
 * @throws HecktorError CONFIG_INVALID
 */
export function assertFolder(folder: string, setting: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new HecktorError('CONFIG_INVALID', {
    file: folder,
    detail: `${setting} is not a folder`,
    cause: 'the path of a file was given, such as that of the recipe itself',
    fix: `set ${setting} to the folder that holds the file`,
  });
}

/**
 * Finds a resource by its relative name, which may not leave its folder.
 *
 * @returns Its path; undefined when neither folder has it.
 * @throws HecktorError RECIPE_INVALID for a name that leads out of the folder, or a link that leads
 * nowhere: the file of the other folder in its stead would be another model.
 */
export function findResource(folders: ResourceFolders, name: string): string | undefined {
  for (const folder of [folders.modelFolder, folders.resources]) {
    const path = resolve(folder, name);
    assertStays(folder, name);
    if (!existsSync(path)) {
      assertNoDeadLink(path);
      continue;
    }
    // Both sides are resolved: the folder itself may be reached through a link.
    if (!isBelow(realpathSync(folder), realpathSync(path))) throw leadsOut(folder, name);
    return path;
  }
  return undefined;
}

function assertNoDeadLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new HecktorError('RECIPE_INVALID', {
    file: path,
    detail: 'it is a link that leads nowhere',
    cause: 'a folder of weights was copied without what its links point to',
    fix: 'copy the file itself there, or remove the link',
  });
}

/**
 * Throws for a name that leads out of its folder.
 *
 * @throws HecktorError RECIPE_INVALID
 */
function assertStays(folder: string, name: string): void {
  const stays = !isAbsolute(name) && !name.includes('\0') && isBelow(folder, resolve(folder, name));
  if (!stays) throw leadsOut(folder, name);
}

function leadsOut(folder: string, name: string): HecktorError {
  return new HecktorError('RECIPE_INVALID', {
    detail: `the file "${name}" leads out of ${folder}`,
    fix: 'name files inside resources/ by their relative path',
  });
}

/** What the folders hold, for an error message. */
export function describeResources({ modelFolder, resources }: ResourceFolders): string {
  return [modelFolder, resources].map((folder) => `${folder} ${contents(folder)}`).join(', ');
}

/** Names of the files with an extension that the folders hold. */
export function namesIn({ modelFolder, resources }: ResourceFolders, extension: string): string[] {
  return [modelFolder, resources].flatMap((folder) =>
    existsSync(folder) && statSync(folder).isDirectory()
      ? readdirSync(folder).filter((name) => name.endsWith(extension))
      : [],
  );
}

function contents(folder: string): string {
  if (!existsSync(folder)) return 'does not exist';
  if (!statSync(folder).isDirectory()) return 'is not a folder';
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names.length === 0 ? 'is empty' : `holds ${names.slice(0, 8).sort().join(' ')}`;
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The recipe's file name. */
export const RECIPE_FILE = 'pipeline.json';

/** The recipe in the folder that is tried last, for an error message. */
export function expectedRecipe(folders: ResourceFolders, name = RECIPE_FILE): string {
  return join(folders.resources, name);
}
