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

/** Options of `readVolume`. */
export interface ReadOptions {
  /**
   * Folder that references inside the file (`ElementDataFile`) may not leave. Default: the folder
   * the image is in.
   */
  readonly root?: string;
  /** Largest voxel array that is allocated, in bytes. Default: 4 GiB. */
  readonly maxBytes?: number;
  /**
   * Put the voxels on a SharedArrayBuffer, for worker threads. Default: false. Those of a TIFF stack
   * are on one in any case.
   */
  readonly shared?: boolean;
  /** Called with the fraction of voxels read so far, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What every format reader needs to know. */
export interface ReadContext {
  /** The path as the caller gave it: the name that errors show. */
  readonly path: string;
  /** Folder that references inside the file may not leave. */
  readonly root: string;
  readonly maxBytes: number;
  readonly shared: boolean;
  readonly onProgress: (fraction: number) => void;
}

/** Four gibibytes: 512 x 512 x 2000 voxels of float64. */
export const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;
