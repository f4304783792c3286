import { HecktorError } from '@hecktor/errors';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Bytes } from '../archive/tar.ts';

interface WriteArchiveOptions {
  /** The archive's name, for messages. */
  name: string;
  /** Largest archive, bytes. */
  maxBytes: number;
  /** Called with the bytes that have been read. */
  onProgress?: (bytes: number) => void;
  /** Ends the writing; its reason is thrown. */
  signal?: AbortSignal | undefined;
}

/** A file that was written whole. */
export interface WrittenArchive {
  readonly bytes: number;
  readonly sha256: string;
}

/** Compresses a stream into a file and stops where it gets too large. */
export async function writeArchive(
  source: Bytes,
  path: string,
  { name, maxBytes, onProgress, signal }: WriteArchiveOptions,
): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let [read, bytes] = [0, 0];
  const stopped = aborted(signal);
  async function* counted(): AsyncGenerator<Uint8Array> {
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await Promise.race([chunks.next(), stopped]);
      if (done === true) return;
      read += value.length;
      onProgress?.(read);
      yield value;
    }
  }
  async function* limited(): AsyncGenerator<Buffer> {
    for await (const chunk of parallelGzip(counted())) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        const detail = `it passed ${(maxBytes / 1e9).toFixed(2)} GB; packing was stopped`;
        throw new HecktorError('ARCHIVE_TOO_LARGE', { file: name, detail });
      }
      hash.update(chunk);
      yield chunk;
    }
  }
  const file = createWriteStream(path);
  try {
    await pipeline(limited, file, { signal });
  } catch (error) {
    // A file that is still being opened would appear after its removal.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
    signal?.throwIfAborted();
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? new HecktorError('DISK_FULL', { file: name, origin: error })
      : error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Never settles but for a signal: a source that hangs must not hold the end up. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    const fail = () => reject(signal!.reason as Error);
    if (signal?.aborted === true) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
  stopped.catch(() => undefined);
  return stopped;
}

const compress = promisify(deflateRaw) as (
  data: Uint8Array,
  options: { dictionary: Uint8Array | undefined; finishFlush: number },
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
  { blockSize = 2 ** 20 } = {},
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
    const result = compress(block, { dictionary, finishFlush: constants.Z_SYNC_FLUSH });
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
