import { BLOCK, decodeHeader, decodePax, padding, type TarEntry } from './tar-header.ts';

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
 * @throws Error when it is damaged or ends too early, and what the source or `onEntry` throws.
 */
export async function readTar(
  source: Bytes,
  onEntry: (entry: FoundEntry, content: Bytes) => Promise<void>,
): Promise<void> {
  const reader = byteReader(source);
  let next: Record<string, string> = {};
  for (;;) {
    const block = await reader.take(BLOCK);
    const header = decodeHeader(block);
    if (header === undefined) break;
    if (header.type === 'x' || header.type === 'g') {
      const records = decodePax(await reader.take(header.size));
      if (header.type === 'x') next = { ...next, ...records };
      await reader.skip(padding(header.size));
      continue;
    }
    if (header.type === 'L' || header.type === 'K') {
      const name = (await reader.take(header.size)).toString('utf8').replace(/\0.*$/s, '');
      next[header.type === 'L' ? 'path' : 'linkpath'] = name;
      await reader.skip(padding(header.size));
      continue;
    }
    const entry = { ...withPax(header, next), offset: reader.position() };
    next = {};
    const content = reader.part(entry.size);
    await onEntry(entry, content);
    await exhaust(content);
    await reader.skip(padding(entry.size));
  }
  await reader.drain();
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

function withPax(header: TarEntry, records: Readonly<Record<string, string>>): TarEntry {
  const xattrs = Object.entries(records).filter(([key]) => key.startsWith('SCHILY.xattr.'));
  return {
    ...header,
    name: (records['path'] ?? header.name).replace(/^(\.\/)+(?=.)/, ''),
    linkname: records['linkpath'] ?? header.linkname,
    // Links and folders have no content, whatever their header says.
    size: ['1', '2', '5'].includes(header.type) ? 0 : Number(records['size'] ?? header.size),
    xattrs: Object.fromEntries(xattrs),
  };
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
    async skip(size: number) {
      await exhaust(part(size));
    },
    async drain() {
      for (;;) if ((await chunks.next()).done === true) return;
    },
  };
}
