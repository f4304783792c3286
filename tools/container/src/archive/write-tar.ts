import { BLOCK, encodeHeader, padding, type TarEntry } from './tar-header.ts';
import type { Bytes } from './read-tar.ts';

/** What is to be written: an entry's facts, the rest being a root-owned plain file. */
export type NewEntry = Pick<TarEntry, 'name' | 'size'> & Partial<TarEntry>;

/** Time stamp of everything that is written, seconds: contents alone decide the bytes. */
export const FIXED_MTIME = Date.UTC(2000, 0, 1) / 1000;

/** The bytes of an entry: header, content, padding. */
export async function* tarEntry(entry: NewEntry, content: Bytes | Buffer): AsyncGenerator<Buffer> {
  const whole = { type: '0', mode: 0o644, uid: 0, gid: 0, linkname: '', xattrs: {}, ...entry };
  yield encodeHeader(whole, FIXED_MTIME);
  let written = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    written += chunk.length;
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (written !== entry.size) throw new Error(`${entry.name} changed while it was packed`);
  yield Buffer.alloc(padding(entry.size));
}

/** What ends an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);
