import { access, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HecktorError } from '@hecktor/errors';
import { writeAll, writeAtomically } from '@hecktor/files';

/**
 * Writes an image file whole or not at all, into a folder that exists.
 */
export async function writeImageFile(
  path: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  try {
    await access(dirname(path));
    await writeAtomically(path, async (temporary) => {
      const handle = await open(temporary, 'wx', 0o644);
      try {
        await write(handle);
      } finally {
        await handle.close();
      }
    });
  } catch (error) {
    if (error instanceof HecktorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const detail = code === undefined ? {} : { detail: `the system reports ${code}` };
    throw new HecktorError('IMAGE_WRITE_FAILED', { file: path, ...detail, origin: error });
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
