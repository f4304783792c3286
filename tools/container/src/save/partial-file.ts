import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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
 */
export async function partialFile(target: string): Promise<PartialFile> {
  const folder = dirname(target);
  const ending = `-${basename(target)}.part`;
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = name.endsWith(ending)
      ? /^\.(\d+)$/.exec(name.slice(0, -ending.length))?.[1]
      : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
  const path = join(folder, `.${process.pid}${ending}`);
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
