import type { FileHandle } from 'node:fs/promises';

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
