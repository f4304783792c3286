import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Transform } from 'node:stream';
import { writeAll } from './write-atomically.ts';

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
