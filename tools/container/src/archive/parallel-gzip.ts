import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Bytes } from './read-tar.ts';

/** Options of {@link parallelGzip}. */
export interface ParallelGzipOptions {
  /** 1 to 9. Default: 6. */
  level?: number;
  /** Bytes that one thread compresses at a time. Default: 1 MiB. */
  blockSize?: number;
}

const compress = promisify(deflateRaw) as (
  data: Uint8Array,
  options: { level: number; dictionary?: Uint8Array; finishFlush: number },
) => Promise<Buffer>;

// No name and no time: equal contents give equal archives. 255 is an unknown file system.
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const WINDOW = 32 * 1024;

/**
 * Compresses on all CPUs into a gzip stream of one member, which every reader takes: blocks are
 * compressed on their own, each with the end of the block before it as dictionary, and joined at
 * byte boundaries. The number of CPUs does not change the result.
 */
export async function* parallelGzip(
  source: Bytes,
  { level = 6, blockSize = 2 ** 20 }: ParallelGzipOptions = {},
): AsyncGenerator<Buffer> {
  const ahead = availableParallelism() + 1;
  const pending: Promise<Buffer>[] = [];
  let before: Uint8Array | undefined;
  let [crc, length] = [0, 0];
  yield HEADER;
  for await (const block of blocks(source, blockSize)) {
    crc = crc32(block, crc);
    length += block.length;
    const dictionary = before?.subarray(-WINDOW);
    const result = compress(block, {
      ...{ level, finishFlush: constants.Z_SYNC_FLUSH },
      ...(dictionary === undefined ? {} : { dictionary }),
    });
    // Failures are met where the result is awaited.
    result.catch(() => undefined);
    pending.push(result);
    before = block;
    if (pending.length > ahead) yield await pending.shift()!;
  }
  for (const result of pending) yield await result;
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc, 0);
  end.writeUInt32LE(length % 2 ** 32, 4);
  // An empty last block, and the trailer.
  yield Buffer.concat([Buffer.from([3, 0]), end]);
}

async function* blocks(source: Bytes, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (let chunk of source) {
    while (length + chunk.length >= size) {
      const taken = chunk.subarray(0, size - length);
      yield Buffer.concat([...held, taken]);
      chunk = chunk.subarray(taken.length);
      [held, length] = [[], 0];
    }
    if (chunk.length > 0) held.push(chunk);
    length += chunk.length;
  }
  if (length > 0) yield Buffer.concat(held);
}
