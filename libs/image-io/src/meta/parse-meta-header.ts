import { HecktorError } from '@hecktor/errors';

/** Fields of a MetaImage header by name, and where the header ends. */
export interface MetaFields {
  readonly values: ReadonlyMap<string, string>;
  /** Offset of the first byte after the newline that ends the `ElementDataFile` line. */
  readonly end: number;
}

const NEWLINE = 0x0a;

/**
 * Splits a MetaImage header into its fields. `ElementDataFile` is the last one: exactly one newline
 * ends it, and the very next byte is data, even when it looks like a newline.
 *
 * Resolves to `undefined` when `head` ends before the header does.
 *
 * @throws HecktorError IMAGE_HEADER_INVALID for a line that is not `Key = value`.
 */
export function parseMetaHeader(head: Buffer, file: string): MetaFields | undefined {
  const values = new Map<string, string>();
  let start = 0;
  for (;;) {
    const newline = head.indexOf(NEWLINE, start);
    if (newline < 0) return undefined;
    const line = head.toString('latin1', start, newline).trim();
    start = newline + 1;
    if (line === '') continue;
    const separator = line.search(/[=:]/);
    if (separator < 1 || /[^\x20-\x7e\t\x80-\xff]/.test(line)) {
      throw new HecktorError('IMAGE_HEADER_INVALID', {
        file,
        detail: `line ${values.size + 1} of the header is not "Key = value"`,
      });
    }
    const key = line.slice(0, separator).trim();
    values.set(key, line.slice(separator + 1).trim());
    if (key === 'ElementDataFile') return { values, end: start };
  }
}
