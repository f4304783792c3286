import { HecktorError } from '@hecktor/errors';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parallelGzip } from '../archive/parallel-gzip.ts';
import type { Bytes } from '../archive/read-tar.ts';

/** Options of {@link writeArchive}. */
export interface WriteArchiveOptions {
  /** The archive's name, for messages. */
  name: string;
  /** Largest archive, bytes. */
  maxBytes: number;
  /** Called with the bytes that have been read. */
  onProgress?: (bytes: number) => void;
  /** Ends the writing; its reason is thrown. */
  signal?: AbortSignal;
}

/** A file that was written whole. */
export interface WrittenArchive {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Compresses a stream into a file and stops where it gets too large.
 *
 * @throws HecktorError ARCHIVE_TOO_LARGE as soon as the limit is passed, DISK_FULL when the
 * disk is; whatever the source throws, or the signal's reason.
 */
export async function writeArchive(
  source: Bytes,
  path: string,
  { name, maxBytes, onProgress, signal }: WriteArchiveOptions,
): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let [read, bytes] = [0, 0];
  const stopped = aborted(signal);
  stopped.catch(() => undefined);
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
      if (bytes > maxBytes) throw tooLarge(name, maxBytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await pipeline(limited, createWriteStream(path), signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? new HecktorError('DISK_FULL', { file: name, origin: error })
      : error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Never settles but for a signal: a source that hangs must not hold the end up. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal!.reason as Error);
    if (signal?.aborted === true) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
}

function tooLarge(file: string, maxBytes: number): HecktorError {
  return new HecktorError('ARCHIVE_TOO_LARGE', {
    file,
    detail: `it passed ${(maxBytes / 1e9).toFixed(2)} GB; packing was stopped`,
  });
}
