import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { outputError } from './assert-writable.ts';
import type { OutputSocket } from './sockets.ts';

/**
 * Removes the output that an earlier run left, so that a run that fails cannot be taken for one
 * that made it.
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED, also when a folder has its place.
 */
export function removeOutput(output: string, socket: OutputSocket): void {
  const path = join(output, socket.path);
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw outputError(path, error);
  }
}
