import { createHash } from 'node:crypto';

/** One entry of a tar archive. */
interface TarEntry {
  /** Path without a leading `./`; folders end with `/`. */
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder; others are passed on as they are. */
  readonly type: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  /** Where a link points to. */
  readonly linkname: string;
  /** Extended attributes, by their name in a pax header. */
  readonly xattrs: Readonly<Record<string, string>>;
}

/** Length of a header and unit of all contents, bytes. */
const BLOCK = 512;
/** The largest size that a header without pax can tell. */
const MOST = 0o77777777777;
/** What the names of extended attributes begin with; their values are bytes, not text. */
const XATTR = 'SCHILY.xattr.';

/** Bytes that fill the last block of a content. */
const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

/** The entry that a header and the pax records before it describe. */
function decodeHeader(block: Buffer, pax: Readonly<Record<string, string>>): TarEntry {
  if (checksum(block) !== number(block, 148, 8)) throw new Error('a tar header is damaged');
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? text(block, 345, 155) : '';
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156]!);
  const name = pax['path'] ?? `${prefix}${prefix && '/'}${text(block, 0, 100)}`;
  // Links and folders have no content, whatever their header says.
  const isEmpty = ['1', '2', '5'].includes(type);
  return {
    name: name.replace(/^(\.\/)+(?=.)/, ''),
    type,
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: isEmpty ? 0 : Number(pax['size'] ?? number(block, 124, 12)),
    linkname: pax['linkpath'] ?? text(block, 157, 100),
    xattrs: Object.fromEntries(Object.entries(pax).filter(([key]) => key.startsWith(XATTR))),
  };
}

/** The header blocks of an entry, the pax header of long names included; equal ones for equal entries. */
function encodeHeader(entry: TarEntry): Buffer {
  const records: Record<string, string> = { ...entry.xattrs };
  if (Buffer.byteLength(entry.name) > 100) records['path'] = entry.name;
  if (Buffer.byteLength(entry.linkname) > 100) records['linkpath'] = entry.linkname;
  if (entry.size > MOST) records['size'] = String(entry.size);
  const keys = Object.keys(records).sort();
  const header = plainHeader({ ...entry, size: Math.min(entry.size, MOST) });
  if (keys.length === 0) return header;
  const body = Buffer.concat(keys.map((key) => paxRecord(key, records[key]!)));
  const pax = { ...entry, name: 'pax', type: 'x', mode: 0o644, size: body.length, linkname: '' };
  return Buffer.concat([plainHeader(pax), body, Buffer.alloc(padding(body.length)), header]);
}

/** The fields of a pax header. */
function decodePax(body: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    if (space < 0 || !(length > 0)) throw new Error('a pax header is damaged');
    const record = body.subarray(space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const key = record.toString('utf8', 0, equals);
    records[key] = record.toString(encodingOf(key), equals + 1);
    at += length;
  }
  return records;
}

const encodingOf = (key: string) => (key.startsWith(XATTR) ? 'latin1' : 'utf8');

function paxRecord(key: string, value: string): Buffer {
  const text = Buffer.from(value, encodingOf(key));
  const body = Buffer.concat([Buffer.from(` ${key}=`), text, Buffer.from('\n')]);
  // The length counts its own digits.
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function plainHeader(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(entry.name, 0, 100, 'utf8');
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(MTIME, 136, 12);
  block.fill(' ', 148, 156);
  block.write(entry.type, 156, 'latin1');
  block.write(entry.linkname, 157, 100, 'utf8');
  block.write('ustar\u000000', 257, 'latin1');
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  return block;
}

function checksum(block: Buffer): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : block[i]!;
  return sum;
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}

/** Octal digits, or a binary number marked by its highest bit. */
function number(block: Buffer, at: number, length: number): number {
  if ((block[at]! & 0x80) === 0) return parseInt(text(block, at, length).trim() || '0', 8);
  let value = block[at]! & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + block[i]!;
  return value;
}

/** Bytes as they come. */
export type Bytes = AsyncIterable<Uint8Array>;

/** An entry as it was found. */
export interface FoundEntry extends TarEntry {
  /** Where its content begins in the archive, bytes. */
  readonly offset: number;
}

/**
 * Reads a tar archive (ustar, pax, GNU long names) front to back and hands out each entry with its
 * content. Content that is not asked for is passed over. The source is read to its end.
 *
 * @throws Error when it is damaged or ends too early, and what the source throws.
 */
export async function* readTar(
  source: Bytes,
): AsyncGenerator<readonly [entry: FoundEntry, content: Bytes], void, undefined> {
  const reader = byteReader(source);
  let next: Record<string, string> = {};
  try {
    for (;;) {
      const block = await reader.take(BLOCK);
      if (block.every((byte) => byte === 0)) break;
      const entry = { ...decodeHeader(block, next), offset: reader.position() };
      const { type, size } = entry;
      const content = reader.part(size);
      if (['x', 'g', 'L', 'K'].includes(type)) {
        const body = await contentOf(content);
        if (type === 'x') next = { ...next, ...decodePax(body) };
        if (type === 'L') next['path'] = text(body, 0, size);
        if (type === 'K') next['linkpath'] = text(body, 0, size);
      } else {
        next = {};
        yield [entry, content];
        await exhaust(content);
      }
      await exhaust(reader.part(padding(size)));
    }
    await reader.drain();
  } finally {
    await reader.close();
  }
}

/** Reads to the end and keeps nothing. */
export async function exhaust(content: Bytes): Promise<void> {
  const chunks = content[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}

/** A whole content, for small ones. */
export async function contentOf(content: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads to the end: how many bytes there were, and their digest. */
export async function digestOf(content: Bytes): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function byteReader(source: Bytes) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  let position = 0;
  const atMost = async (count: number): Promise<Uint8Array> => {
    while (held.length === 0) {
      const { value, done } = await chunks.next();
      if (done === true) throw new Error('the archive ends too early');
      held = value;
    }
    const taken = held.subarray(0, count);
    held = held.subarray(taken.length);
    position += taken.length;
    return taken;
  };
  const part = (size: number): Bytes => {
    let left = size;
    // Not a generator: leaving a loop over it early must not end it.
    const iterator: AsyncIterator<Uint8Array> = {
      async next() {
        if (left === 0) return { value: undefined, done: true };
        const value = await atMost(left);
        left -= value.length;
        return { value, done: false };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  };
  return {
    position: () => position,
    part,
    take: (size: number) => contentOf(part(size)),
    drain: () => exhaust({ [Symbol.asyncIterator]: () => chunks }),
    close: () => chunks.return?.(),
  };
}

/** What is to be written: an entry's facts, the rest being a root-owned plain file. */
export type NewEntry = Pick<TarEntry, 'name' | 'size'> & Partial<TarEntry>;

/** Time stamp of everything that is written, seconds: contents alone decide the bytes. */
const MTIME = Date.UTC(2000, 0, 1) / 1000;

/** The bytes of an entry: header, content, padding. */
export async function* tarEntry(entry: NewEntry, content: Bytes | Buffer): AsyncGenerator<Buffer> {
  const whole = { type: '0', mode: 0o644, uid: 0, gid: 0, linkname: '', xattrs: {}, ...entry };
  yield encodeHeader(whole);
  let written = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    written += chunk.length;
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (written !== entry.size) throw new Error(`${entry.name} changed while it was packed`);
  yield Buffer.alloc(padding(entry.size));
}

/** The bytes of an entry for a small file. */
export function tarText(name: string, text: string): AsyncGenerator<Buffer> {
  const content = Buffer.from(text);
  return tarEntry({ name, size: content.length }, content);
}

/** What ends an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);
