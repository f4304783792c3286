import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HecktorError } from '@hecktor/errors';

/**
 * Writes a file under a temporary name in the same folder and renames it when `write` is done: a
 * reader sees the whole file or none, and a failure leaves nothing behind.
 *
 * @throws HecktorError IMAGE_WRITE_FAILED when the file system refuses.
 */
export async function writeAtomically(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const suffix = randomBytes(6).toString('hex');
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof HecktorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const detail = code === undefined ? {} : { detail: `the system reports ${code}` };
    throw new HecktorError('IMAGE_WRITE_FAILED', { file: path, ...detail, origin: error });
  }
}

/** Writes all bytes at the handle's position. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 1 << 28);
    done += (await handle.write(bytes, done, length)).bytesWritten;
  }
}

const BLOCK_BYTES = 4 << 20;

/**
 * Sends blocks of bytes through a compressor into a file, at the handle's position. Resolves to the
 * number of compressed bytes. No more than a block is copied at a time.
 */
export async function writeCompressed(
  handle: FileHandle,
  compressor: Transform,
  parts: readonly Uint8Array[],
): Promise<number> {
  let written = 0;
  await pipeline(
    function* blocks() {
      for (const part of parts) {
        for (let at = 0; at < part.length; at += BLOCK_BYTES) {
          // A copy, since zlib refuses shared memory.
          yield Buffer.from(part.subarray(at, at + BLOCK_BYTES));
        }
      }
    },
    compressor,
    async (compressed: AsyncIterable<Uint8Array>) => {
      for await (const chunk of compressed) {
        await writeAll(handle, chunk);
        written += chunk.length;
      }
    },
  );
  return written;
}
