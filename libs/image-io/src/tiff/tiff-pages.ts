import { createFileReader } from '../byte-reader.ts';
import type { ImageErrors, OpenFile } from '../open-file.ts';

/** What the directories of a TIFF file claim, before anything is decoded. */
export type TiffFacts = Readonly<Awaited<ReturnType<typeof readTiffFacts>>>;

const MAX_PAGES = 65_536;
const MAX_ENTRIES = 4096;
const TAGS = { width: 256, height: 257, bits: 258, compression: 259, samples: 277 };

/**
 * Walks the page directories of a classic or Big TIFF. It decodes nothing: it bounds what the real
 * reader will allocate and refuses chains that do not end.
 */
export async function readTiffFacts(
  { handle, size }: OpenFile,
  { invalid, truncated }: ImageErrors,
) {
  const at = async (position: number, length: number): Promise<DataView> => {
    const bytes = new Uint8Array(length);
    const inside = Number.isSafeInteger(position) && position >= 0 && position + length <= size;
    if (!inside || (await createFileReader(handle, position, size).read(bytes)) < length) {
      throw truncated('a page directory lies outside the file');
    }
    return new DataView(bytes.buffer);
  };
  const start = await at(0, 8);
  const little = start.getUint8(0) === 0x49;
  const big = start.getUint16(2, little) === 43;
  const offset = (view: DataView, p: number) =>
    big ? Number(view.getBigUint64(p, little)) : view.getUint32(p, little);
  const [countBytes, entryBytes, valueAt] = big ? [8, 20, 12] : [2, 12, 8];

  let next = big ? offset(await at(8, 8), 0) : offset(start, 4);
  let first: Map<number, number> | undefined;
  const seen = new Set<number>();
  while (next !== 0) {
    if (seen.has(next) || seen.size >= MAX_PAGES) throw invalid('its page directories form a loop');
    seen.add(next);
    const count = await at(next, countBytes);
    const entries = big ? Number(count.getBigUint64(0, little)) : count.getUint16(0, little);
    if (entries < 1 || entries > MAX_ENTRIES) throw invalid(`a page has ${entries} header entries`);
    const table = await at(next + countBytes, entries * entryBytes);
    first ??= readEntries(table, entries, entryBytes, valueAt, little);
    next = offset(await at(next + countBytes + entries * entryBytes, big ? 8 : 4), 0);
  }
  if (first === undefined) throw invalid('it has no page');
  const field = (tag: number, otherwise?: number) => {
    const value = first.get(tag) ?? otherwise;
    if (value === undefined || value < 1) throw invalid(`TIFF tag ${tag} is missing or zero`);
    return value;
  };
  return {
    pages: seen.size,
    // Of the first page.
    width: field(TAGS.width),
    height: field(TAGS.height),
    bitsPerSample: field(TAGS.bits, 1),
    samplesPerPixel: field(TAGS.samples, 1),
    /** 1 is "not compressed". */
    compression: field(TAGS.compression, 1),
  };
}

/** The first value of every entry that is stored in place as a 16- or 32-bit number. */
function readEntries(
  table: DataView,
  entries: number,
  entryBytes: number,
  valueAt: number,
  little: boolean,
): Map<number, number> {
  const values = new Map<number, number>();
  for (let i = 0; i < entries; i++) {
    const entry = i * entryBytes;
    const [tag, type] = [table.getUint16(entry, little), table.getUint16(entry + 2, little)];
    if (type === 3) values.set(tag, table.getUint16(entry + valueAt, little));
    else if (type === 4) values.set(tag, table.getUint32(entry + valueAt, little));
  }
  return values;
}
