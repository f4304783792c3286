import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { HecktorError, type ErrorCode, type ErrorFacts } from '@hecktor/errors';
import { isThere } from '@hecktor/files';

/** An open regular file and its length in bytes. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Runs `use` on a regular, non-empty file that is open for reading meanwhile.
 *
 * @throws HecktorError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_NOT_A_FILE (a folder, pipe or
 * device, which is never opened), IMAGE_EMPTY_FILE, or what `use` throws.
 */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      const kind = facts.isDirectory() ? 'a folder' : 'not a regular file';
      throw new HecktorError('IMAGE_NOT_A_FILE', { file: path, detail: `it is ${kind}` });
    }
    if (facts.size === 0) throw new HecktorError('IMAGE_EMPTY_FILE', { file: path });
    const handle = await open(path, constants.O_RDONLY);
    try {
      return await use({ handle, size: facts.size });
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toReadError(error, path);
  }
}

const NO_FILE: Readonly<Record<string, Pick<ErrorFacts, 'detail' | 'cause' | 'fix'>>> = {
  ENOENT: {},
  ERR_INVALID_ARG_VALUE: {},
  ENOTDIR: { detail: 'a part of its path is a file' },
  ENAMETOOLONG: {
    detail: 'its path is longer than the system takes',
    cause: 'a damaged name',
    fix: 'give it a shorter path',
  },
};

/** Turns an exception of the file system into a typed error; typed errors pass unchanged. */
export function toReadError(error: unknown, path: string): HecktorError {
  if (error instanceof HecktorError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const file = code === 'ENAMETOOLONG' ? path.slice(0, 300) : path;
  if (code === 'ELOOP' || (code === 'ENOENT' && isThere(path))) {
    const detail = `it is a link that leads ${code === 'ELOOP' ? 'to itself' : 'nowhere'}`;
    return new HecktorError('IMAGE_NOT_A_FILE', { file, detail, origin: error });
  }
  if (code !== undefined && Object.hasOwn(NO_FILE, code)) {
    return new HecktorError('IMAGE_NOT_FOUND', { file, ...NO_FILE[code], origin: error });
  }
  if (error instanceof RangeError) {
    return new HecktorError('OUT_OF_MEMORY', {
      file,
      detail: 'the voxel array could not be allocated',
      origin: error,
    });
  }
  if (code === undefined) return new HecktorError('INTERNAL', { file, origin: error });
  return new HecktorError('IMAGE_UNREADABLE', {
    file,
    detail: `the system reports ${code}`,
    ...(code === 'EIO' && { cause: 'a failing disk or network drive', fix: 'copy the file again' }),
    origin: error,
  });
}

/** Errors about an image file, for their usual cause and remedy. */
export function imageErrors(file: string) {
  const error = (code: ErrorCode) => (detail: string) => new HecktorError(code, { file, detail });
  return {
    invalid: error('IMAGE_HEADER_INVALID'),
    unsupported: error('IMAGE_UNSUPPORTED'),
    truncated: error('IMAGE_TRUNCATED'),
    tooLarge: error('IMAGE_TOO_LARGE'),
    badGeometry: error('IMAGE_GEOMETRY_INVALID'),
    outside: error('IMAGE_OUTSIDE_FOLDER'),
    noDataFile: error('IMAGE_DATA_FILE_MISSING'),
  };
}

export type ImageErrors = ReturnType<typeof imageErrors>;

export interface ReadOptions {
  /** Folder that references inside the file (`ElementDataFile`) may not leave. Default: its own. */
  readonly root?: string;
  /** Largest voxel array that is allocated, in bytes. Default: 4 GiB, 512 x 512 x 2000 float64. */
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
export interface ReadContext extends Required<ReadOptions> {
  /** The path as the caller gave it: the name that errors show. */
  readonly path: string;
  readonly errors: ImageErrors;
}
