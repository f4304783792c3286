import { makeFolder } from '@hecktor/files';
import { HecktorError, systemErrorCode } from '@hecktor/errors';
import { rmSync } from 'node:fs';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '../engine/with-lock.ts';

/** A file in the making, under a name of its own beside its place. */
export interface PartialFile {
  readonly path: string;
  /** Puts it in its place. */
  keep(): Promise<void>;
  /** Removes it unless it was kept. */
  dispose(): Promise<void>;
}

/**
 * Begins a file that nobody shall ever see half. What earlier processes left of the same file when
 * they were killed is removed.
 *
 * @throws HecktorError naming the target when it cannot be written there.
 */
export async function partialFile(target: string): Promise<PartialFile> {
  const folder = dirname(target);
  const path = join(folder, `.${process.pid}-${basename(target)}.part`);
  try {
    makeFolder(folder);
    if ((await stat(target).catch(() => undefined))?.isDirectory() === true) {
      throw new Error('there is a folder of that name');
    }
    await removeLeftovers(folder, basename(target));
    // Nobody should learn after the packing that the place cannot be written to.
    await writeFile(path, '');
    await rm(path);
  } catch (origin) {
    const { code, message } = origin as NodeJS.ErrnoException;
    throw new HecktorError(systemErrorCode(code) ?? 'OUTPUT_WRITE_FAILED', {
      ...{ file: target, detail: message, origin },
      cause: 'a mistyped path, or a place where this user may not write',
      fix: 'give another file with --archive=<folder>/<name>.tar.gz',
    });
  }
  // Whatever ends the process, short of SIGKILL.
  const atExit = () => rmSync(path, { force: true });
  process.on('exit', atExit);
  return {
    path,
    keep: () => rename(path, target),
    async dispose() {
      process.off('exit', atExit);
      await rm(path, { force: true });
    },
  };
}

/** What processes that are gone left of the same file. */
async function removeLeftovers(folder: string, name: string): Promise<void> {
  const ending = `-${name}.part`;
  for (const found of await readdir(folder)) {
    const pid = found.endsWith(ending)
      ? /^\.(\d+)$/.exec(found.slice(0, -ending.length))?.[1]
      : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(folder, found), { force: true });
    }
  }
}
