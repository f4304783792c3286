import { isHecktorError } from '@hecktor/errors';
import { writeAtomically, type WriteOptions } from '@hecktor/files';
import { outputError } from './assert-writable.ts';

/**
 * Writes an output whole or not at all.
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED, or what `write` threw if that is a HecktorError.
 */
export async function writeOutput(
  path: string,
  write: (temporary: string) => void | Promise<void>,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await writeAtomically(path, write, options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (!isHecktorError(error)) throw outputError(path, error);
    throw error.code === 'IMAGE_WRITE_FAILED' ? outputError(path, error.cause ?? error) : error;
  }
}
