import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { makeFolder } from '@hecktor/files';

/**
 * Throws unless files can be made in the output folder, so that a run does not compute for minutes
 * only to fail at its end. A missing folder is made.
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED
 */
export function assertWritable(folder: string): void {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, '');
    unlinkSync(probe);
  } catch (error) {
    throw outputError(folder, error);
  }
}

/** Says what the operating system said about an output, in the catalogue's words. */
export function outputError(path: string, origin: unknown): HecktorError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'Permission denied',
    EPERM: 'Permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of the path is a file',
    EISDIR: 'a folder has its place',
    ELOOP: 'a link leads to itself',
    EEXIST: 'a link that leads nowhere has its place',
    ENAMETOOLONG: 'the path is too long',
    ENOENT: 'a part of the path does not exist',
  };
  const { code } = origin as NodeJS.ErrnoException;
  return new HecktorError('OUTPUT_WRITE_FAILED', {
    file: path,
    detail: reasons[code ?? ''] ?? code ?? 'the write failed',
    origin,
  });
}
