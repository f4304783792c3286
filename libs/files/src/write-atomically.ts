import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './folders.ts';
import { isRunning } from './is-running.ts';

export interface WriteOptions {
  /** Keeps the file from appearing once aborted; its reason is thrown. */
  signal?: AbortSignal;
}

/**
 * Lets `write` make a file under a temporary name in the same folder and renames it when it is whole
 * and on the disk: a reader sees all of the file or none of it.
 *
 * Missing folders are made. On failure neither the file nor a folder made for it is left, and what
 * killed processes left of the same file is removed. A folder or link of that name is not followed:
 * a link is replaced, a folder is an error.
 *
 * @param write - Makes the file of the name it is given; its extension is that of `path`.
 * @throws What the file system or `write` throws, or the reason of the signal.
 */
export async function writeAtomically(
  path: string,
  write: (temporary: string) => void | Promise<void>,
  { signal }: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const suffix = randomBytes(4).toString('hex');
  // The extension stays at the end: writers choose the format by it.
  const temporary = join(folder, `.partial-${process.pid}-${suffix}-${basename(path)}`);
  const discard = (): void => rmSync(temporary, { force: true });
  let made: string | undefined;
  // Whatever ends the process, short of SIGKILL.
  process.on('exit', discard);
  try {
    made = makeFolder(folder);
    removeLeftovers(folder, basename(path));
    await write(temporary);
    await sync(temporary);
    signal?.throwIfAborted();
    renameSync(temporary, path);
  } catch (error) {
    try {
      discard();
      if (made !== undefined) removeEmpty(folder, dirname(made));
    } catch {
      // The first failure says more.
    }
    if (signal?.aborted === true) throw signal.reason;
    throw error;
  } finally {
    process.off('exit', discard);
  }
}

/** Writes a text as {@link writeAtomically} does. */
export function writeText(path: string, text: string): Promise<void> {
  return writeAtomically(path, (temporary) => writeFileSync(temporary, text));
}

/** Writes JSON that people can read, as {@link writeAtomically} does. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes all bytes at the handle's position. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 1 << 28);
    done += (await handle.write(bytes, done, length)).bytesWritten;
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function removeLeftovers(folder: string, name: string): void {
  for (const found of readdirSync(folder)) {
    const [, pid, rest] = /^\.partial-(\d+)-[0-9a-f]{8}-(.*)$/s.exec(found) ?? [];
    if (rest === name && !isRunning(Number(pid))) rmSync(join(folder, found), { force: true });
  }
}

/** Removes a folder and its parents, up to but without `top`, as long as they are empty. */
function removeEmpty(folder: string, top: string): void {
  try {
    for (let each = folder; each !== top; each = dirname(each)) rmdirSync(each);
  } catch {
    // Something else is in it, so it stays.
  }
}
