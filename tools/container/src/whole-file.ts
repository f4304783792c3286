import { HecktorError, systemErrorCode } from '@hecktor/errors';
import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file that nobody shall ever see half. Whatever has its name is replaced, not followed: a
 * container may have left a link or a folder there.
 *
 * @throws HecktorError DISK_FULL, PERMISSION_DENIED or whatever kept it from being written.
 */
export async function writeWhole(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await writeFile(temporary, content, { flag: 'wx' });
    await rm(file, { recursive: true, force: true });
    await rename(temporary, file);
  } catch (origin) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    const { code, message } = origin as NodeJS.ErrnoException;
    throw new HecktorError(systemErrorCode(code) ?? 'OUTPUT_WRITE_FAILED', {
      ...{ file, detail: message, origin },
      cause: 'the disk is full, or this user may not write there',
      fix: 'free some space, or write to another folder',
    });
  }
}
