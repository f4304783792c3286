import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { HecktorError, isHecktorError, nearMiss } from '@hecktor/errors';
import { hashFiles } from '@hecktor/runtime';
import { describeResources, findResource, namesIn, type ResourceFolders } from './resource-file.ts';

/** A model file that a recipe names. */
export interface ModelFile {
  readonly path: string;
  /** The file that a large model keeps its weights in, beside it: `<model>.data`. */
  readonly data?: string;
  /** Of both files. */
  readonly bytes: number;
}

/** Lower-case hexadecimal SHA-256 digests of a model's files. */
export interface ModelDigests {
  readonly sha256: string;
  readonly dataSha256?: string;
}

/**
 * Finds the models that a recipe names.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND
 */
export function findModels(folders: ResourceFolders, names: readonly string[]): ModelFile[] {
  return names.map((name) => {
    const path = pathOf(folders, name);
    const bytes = statSync(path).size;
    // ONNX Runtime looks beside the file itself when the path is a link.
    const data = `${realpathSync(path)}.data`;
    const stat = statSync(data, { throwIfNoEntry: false });
    return stat?.isFile() === true ? { path, data, bytes: bytes + stat.size } : { path, bytes };
  });
}

/**
 * Takes the digests of a model's files on a thread of its own: begin while the model is loaded, which
 * leaves a CPU idle.
 */
export async function digestsOf({ path, data }: ModelFile): Promise<ModelDigests> {
  const [sha256, dataSha256] = await hashFiles(data === undefined ? [path] : [path, data]);
  return { sha256: sha256!, ...(dataSha256 !== undefined && { dataSha256 }) };
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
  const refuse = (detail: string, origin?: unknown): HecktorError =>
    new HecktorError('RECIPE_INVALID', {
      file,
      detail,
      cause: `a folder has the name of the ${what}, or permissions are missing`,
      fix: `put the ${what} itself there, readable for the user of the container`,
      origin,
    });
  try {
    const stat = statSync(file);
    // Reading a pipe would wait for a writer, beyond every time limit.
    if (!stat.isFile() && !stat.isDirectory()) throw refuse('it is not a file');
    return readFileSync(file);
  } catch (error) {
    if (isHecktorError(error)) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw refuse(`it cannot be read (${code})`, error);
  }
}

/** Lower-case hexadecimal SHA-256. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
