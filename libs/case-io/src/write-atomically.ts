import { renameSync, rmSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type HecktorError, isHecktorError } from '@hecktor/errors';
import { outputError } from './assert-writable.ts';
import { makeFolder } from './make-folder.ts';

/** Options of the writers. */
export interface WriteOptions {
  /** Keeps the result from appearing once aborted; its reason is thrown. */
  signal?: AbortSignal;
}

/**
 * Lets `write` make a file under a temporary name in the same folder and renames it when whole.
 * On failure nothing is left, neither the file nor a folder made for it.
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED, or what `write` threw if that is a HecktorError.
 */
export async function writeAtomically(
  path: string,
  write: (temporary: string) => void | Promise<void>,
  options: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  // The extension stays at the end: writers choose the format by it.
  const temporary = join(folder, `.partial-${process.pid}-${basename(path)}`);
  let made: string | undefined;
  try {
    made = makeFolder(folder);
    await write(temporary);
    options.signal?.throwIfAborted();
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    if (made !== undefined) removeEmpty(folder, dirname(made));
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw explain(path, error);
  }
}

function explain(path: string, error: unknown): HecktorError {
  if (!isHecktorError(error)) return outputError(path, error);
  return error.code === 'IMAGE_WRITE_FAILED' ? outputError(path, error.cause ?? error) : error;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is none, so there is no file either.
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
