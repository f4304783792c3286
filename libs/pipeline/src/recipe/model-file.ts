import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import { hashFiles } from '@hecktor/runtime';
import { nearMiss } from './near-miss.ts';
import { describeResources, findResource, namesIn, type ResourceFolders } from './resource-file.ts';

/** A model file that a recipe names. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal digest of the file; worked out while images are read. */
  readonly sha256: Promise<string>;
}

/**
 * Finds the models that a recipe names and begins to take their digests.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND
 */
export function findModels(folders: ResourceFolders, names: readonly string[]): ModelFile[] {
  const paths = names.map((name) => pathOf(folders, name));
  const digests = hashFiles(paths);
  return paths.map((path, i) => ({ path, bytes: statSync(path).size, sha256: digests[i]! }));
}

function pathOf(folders: ResourceFolders, name: string): string {
  const path = findResource(folders, name);
  if (path === undefined || !statSync(path).isFile()) throw modelMissing(folders, name);
  return path;
}

/** What to throw for a file that is not where the recipe says, with the name probably meant. */
export function modelMissing(folders: ResourceFolders, name: string): HecktorError {
  const isThere = findResource(folders, name) !== undefined;
  const extension = name.slice(name.lastIndexOf('.'));
  const near = isThere ? undefined : nearMiss(name, namesIn(folders, extension));
  return new HecktorError('MODEL_FILE_NOT_FOUND', {
    file: name,
    detail: isThere ? 'it is not a file' : describeResources(folders),
    ...(near !== undefined && {
      cause: 'the name in the recipe is misspelt',
      fix: `name "${near}" in the recipe, or add "${name}" to resources/, and build again`,
    }),
  });
}

/**
 * Reads a small resource at once.
 *
 * @param what - What it is, for the message: `recipe`.
 * @throws HecktorError RECIPE_INVALID
 */
export function readResource(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      cause: `a folder has the name of the ${what}, or permissions are missing`,
      fix: `put the ${what} itself there, readable for the user of the container`,
      origin: error,
    });
  }
}

/** Lower-case hexadecimal SHA-256. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
