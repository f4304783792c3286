import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { HecktorError } from '@hecktor/errors';

/** An open regular file and its length in bytes. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Opens a regular, non-empty file for reading. The caller closes the handle.
 *
 * @throws HecktorError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_NOT_A_FILE (a folder, pipe or
 * device, which is never opened), IMAGE_EMPTY_FILE.
 */
export async function openFile(path: string): Promise<OpenFile> {
  let size: number;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      const kind = facts.isDirectory() ? 'a folder' : 'not a regular file';
      throw new HecktorError('IMAGE_NOT_A_FILE', { file: path, detail: `it is ${kind}` });
    }
    size = facts.size;
  } catch (error) {
    throw toReadError(error, path);
  }
  if (size === 0) throw new HecktorError('IMAGE_EMPTY_FILE', { file: path });
  try {
    return { handle: await open(path, constants.O_RDONLY), size };
  } catch (error) {
    throw toReadError(error, path);
  }
}

/** Turns an exception of the file system into a typed error; typed errors pass unchanged. */
export function toReadError(error: unknown, path: string): HecktorError {
  if (error instanceof HecktorError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') {
    return new HecktorError('IMAGE_NOT_FOUND', { file: path, origin: error });
  }
  if (error instanceof RangeError) {
    return new HecktorError('OUT_OF_MEMORY', {
      file: path,
      detail: 'the voxel array could not be allocated',
      origin: error,
    });
  }
  if (code === undefined) return new HecktorError('INTERNAL', { file: path, origin: error });
  const detail = `the system reports ${code}`;
  return new HecktorError('IMAGE_UNREADABLE', { file: path, detail, origin: error });
}
