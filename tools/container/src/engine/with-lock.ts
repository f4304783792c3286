import { HecktorError } from '@hecktor/errors';
import { isRunning } from '@hecktor/files';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps two targets from emptying and filling the same folder at the same time. What a process that
 * was killed left locked is taken over.
 */
export async function withLock<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `hecktor-${name}.lock`);
  if (!(await take(lock))) {
    const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (!isRunning(pid)) await rm(lock, { force: true });
    if (isRunning(pid) || !(await take(lock))) {
      throw new HecktorError('OUTPUT_WRITE_FAILED', {
        ...{ file: folder, detail: `process ${pid} is at work there` },
        cause: 'the same target was started twice at the same time',
        fix: 'wait until the other has ended, or give the test run another --output',
      });
    }
  }
  try {
    return await act();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
