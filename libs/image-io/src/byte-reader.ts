import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import { HecktorError } from '@hecktor/errors';
import { toReadError } from './open-file.ts';

/** Sequential access to bytes, whether stored as they are or compressed. */
export interface ByteReader {
  /** Largest number of bytes that can still come; for compressed data an upper bound. */
  readonly atMost: number;
  /** Fills `target`; resolves to the number of bytes written, smaller only at the end. */
  read(target: Uint8Array): Promise<number>;
  /**
   * Reads on to the end, at most `limit` bytes. Resolves to the number of bytes that were left;
   * more than `limit` means that there are more. Checksums of compressed data are verified here.
   */
  drain(limit: number): Promise<number>;
  /** Stored bytes taken so far; of compressed data exact once `drain` has found the end. */
  consumed(): number;
  /** Releases what the reader holds, but not the file handle. */
  close(): void;
}

/** Bytes of a file from `start` up to, not including, `end`. */
export function createFileReader(handle: FileHandle, start: number, end: number): ByteReader {
  let position = start;
  return {
    get atMost() {
      return Math.max(0, end - position);
    },
    async read(target) {
      let done = 0;
      while (done < target.length && position < end) {
        const length = Math.min(target.length - done, end - position);
        const { bytesRead } = await handle.read(target, done, length, position);
        if (bytesRead === 0) break;
        done += bytesRead;
        position += bytesRead;
      }
      return done;
    },
    drain(limit) {
      return Promise.resolve(Math.min(Math.max(0, end - position), limit + 1));
    },
    consumed: () => position - start,
    close() {},
  };
}

/** Reads and throws away `count` bytes; resolves to the number of bytes that were there. */
export async function skipBytes(reader: ByteReader, count: number): Promise<number> {
  const scratch = new Uint8Array(Math.min(count, 1 << 16));
  let done = 0;
  while (done < count) {
    const got = await reader.read(scratch.subarray(0, Math.min(scratch.length, count - done)));
    if (got === 0) break;
    done += got;
  }
  return done;
}

/** No deflate stream expands further than this (258 bytes from two bits, plus headers). */
const MAX_DEFLATE_RATIO = 1032;
const CHUNK_BYTES = 1 << 18;

/**
 * Decompresses the zlib or gzip data in a range of a file, chunk by chunk: nothing but the chunk at
 * hand is in memory, however far the data would expand. Reading throws IMAGE_TRUNCATED when the
 * stream breaks off and IMAGE_DATA_CORRUPT when it is damaged or its checksum is wrong.
 */
export function createInflateReader(
  handle: FileHandle,
  start: number,
  end: number,
  path: string,
): ByteReader {
  const compressed = Math.max(0, end - start);
  const unzip = createUnzip({ chunkSize: CHUNK_BYTES });
  const chunks = unzip[Symbol.asyncIterator]();
  let source: Readable | undefined;
  let chunk: Uint8Array = new Uint8Array(0);
  let produced = 0;

  const next = async (): Promise<boolean> => {
    if (compressed === 0) return false;
    if (source === undefined) {
      source = Readable.from(fileChunks(handle, start, end), { objectMode: false });
      source.on('error', (error) => unzip.destroy(error));
      source.pipe(unzip);
    }
    try {
      const result = await chunks.next();
      if (result.done === true) return false;
      chunk = result.value as Uint8Array;
      return true;
    } catch (error) {
      throw toInflateError(error, path);
    }
  };
  const take = async (limit: number, use: (part: Uint8Array, at: number) => void) => {
    let done = 0;
    while (done < limit) {
      if (chunk.length === 0 && !(await next())) break;
      const part = chunk.subarray(0, limit - done);
      use(part, done);
      chunk = chunk.subarray(part.length);
      done += part.length;
    }
    produced += done;
    return done;
  };
  return {
    get atMost() {
      return compressed * MAX_DEFLATE_RATIO - produced;
    },
    read: (target) => take(target.length, (part, at) => target.set(part, at)),
    drain: (limit) => take(limit + 1, () => {}),
    consumed: () => unzip.bytesWritten,
    close() {
      source?.destroy();
      unzip.destroy();
    },
  };
}

/** Chunks of a file. A stream of the handle's own would close the handle when it is done. */
async function* fileChunks(handle: FileHandle, start: number, end: number) {
  const reader = createFileReader(handle, start, end);
  while (reader.atMost > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, reader.atMost));
    const got = await reader.read(chunk);
    if (got === 0) return;
    yield chunk.subarray(0, got);
  }
}

function toInflateError(error: unknown, path: string): HecktorError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    const detail = 'the compressed data breaks off';
    return new HecktorError('IMAGE_TRUNCATED', { file: path, detail, origin: error });
  }
  if (code?.startsWith('Z_') === true) {
    return new HecktorError('IMAGE_DATA_CORRUPT', { file: path, detail: message, origin: error });
  }
  return toReadError(error, path);
}
