/** Kinds of entries, by their letter in a tar header; others are passed on as they are. */
export type TarType = '0' | '1' | '2' | '5' | (string & {});

/** One entry of a tar archive. */
export interface TarEntry {
  /** Path without a leading `./`; folders end with `/`. */
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder. */
  readonly type: TarType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  /** Where a link points to. */
  readonly linkname: string;
  /** Extended attributes, by their name in a pax header (`SCHILY.xattr.…`). */
  readonly xattrs: Readonly<Record<string, string>>;
}

/** Length of a header and unit of all contents, bytes. */
export const BLOCK = 512;

/** Bytes that fill the last block of a content. */
export const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

/**
 * The header of an entry, undefined for the empty block that ends an archive.
 *
 * @throws Error for a block that is no header.
 */
export function decodeHeader(block: Buffer): TarEntry | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (checksum(block) !== number(block, 148, 8)) throw new Error('a tar header is damaged');
  const isUstar = block.toString('latin1', 257, 262) === 'ustar';
  const prefix = isUstar && block[262] === 0 ? text(block, 345, 155) : '';
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156]!);
  return {
    name: prefix === '' ? text(block, 0, 100) : `${prefix}/${text(block, 0, 100)}`,
    type,
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    linkname: text(block, 157, 100),
    xattrs: {},
  };
}

/**
 * The header blocks of an entry, the pax header of long names included. The same entry gives the
 * same bytes, whoever writes it and when.
 */
export function encodeHeader(entry: TarEntry, mtime: number): Buffer {
  const records: Record<string, string> = { ...entry.xattrs };
  if (Buffer.byteLength(entry.name) > 100) records['path'] = entry.name;
  if (Buffer.byteLength(entry.linkname) > 100) records['linkpath'] = entry.linkname;
  if (entry.size > 0o77777777777) records['size'] = String(entry.size);
  const keys = Object.keys(records).sort();
  const blocks: Buffer[] = [];
  if (keys.length > 0) {
    const body = Buffer.concat(keys.map((key) => paxRecord(key, records[key]!)));
    const pax = { ...entry, name: 'pax', type: 'x', mode: 0o644, size: body.length, linkname: '' };
    blocks.push(plainHeader(pax, mtime), body, Buffer.alloc(padding(body.length)));
  }
  blocks.push(plainHeader({ ...entry, size: Math.min(entry.size, 0o77777777777) }, mtime));
  return Buffer.concat(blocks);
}

/** The fields of a pax header. */
export function decodePax(body: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    if (space < 0 || !(length > 0)) throw new Error('a pax header is damaged');
    // Values of extended attributes are bytes, not text.
    const record = body.toString('latin1', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    records[key] = key.startsWith('SCHILY.xattr.')
      ? value
      : Buffer.from(value, 'latin1').toString('utf8');
    at += length;
  }
  return records;
}

function paxRecord(key: string, value: string): Buffer {
  const isBytes = key.startsWith('SCHILY.xattr.');
  const body = Buffer.concat([
    Buffer.from(` ${key}=`),
    Buffer.from(value, isBytes ? 'latin1' : 'utf8'),
    Buffer.from('\n'),
  ]);
  // The length counts its own digits.
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function plainHeader(entry: TarEntry, mtime: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(entry.name, 0, 100, 'utf8');
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(mtime, 136, 12);
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
