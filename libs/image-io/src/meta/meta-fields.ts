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

/** Typed access to the fields of a MetaImage header; a field that is absent is `undefined`. */
export interface MetaFieldReader {
  text(name: string): string | undefined;
  /** A whole number. */
  integer(name: string): number | undefined;
  /** Exactly `count` numbers; NaN and infinities come through for the geometry check to name. */
  numbers(name: string, count: number): readonly number[] | undefined;
  flag(name: string): boolean | undefined;
  /** Throws IMAGE_HEADER_INVALID: the field must be there. */
  missing(name: string): never;
  /** IMAGE_HEADER_INVALID with a detail, to throw. */
  invalid(detail: string): HecktorError;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:nan|inf(?:inity)?)$/i;

/** See {@link MetaFieldReader}; every method throws IMAGE_HEADER_INVALID for a malformed value. */
export function metaFieldReader(
  values: ReadonlyMap<string, string>,
  file: string,
): MetaFieldReader {
  const invalid = (detail: string) => new HecktorError('IMAGE_HEADER_INVALID', { file, detail });
  const words = (name: string): string[] | undefined =>
    values.get(name)?.split(/\s+/).filter(Boolean);
  const reader: MetaFieldReader = {
    text: (name) => values.get(name),
    integer(name) {
      const value = reader.numbers(name, 1)?.[0];
      if (value !== undefined && !Number.isSafeInteger(value)) {
        throw invalid(`${name} is ${value}, expected a whole number`);
      }
      return value;
    },
    numbers(name, count) {
      const found = words(name);
      if (found === undefined) return undefined;
      if (found.length !== count) {
        throw invalid(`${name} has ${found.length} values, expected ${count}`);
      }
      return found.map((word) => {
        if (NUMBER.test(word)) return Number(word);
        if (NOT_FINITE.test(word)) return Number.NaN;
        throw invalid(`${name} holds a word that is not a number`);
      });
    },
    flag(name) {
      const word = values.get(name)?.toLowerCase();
      if (word === undefined) return undefined;
      if (['true', 't', '1'].includes(word)) return true;
      if (['false', 'f', '0'].includes(word)) return false;
      throw invalid(`${name} is neither True nor False`);
    },
    missing(name) {
      throw invalid(`the field ${name} is missing`);
    },
    invalid,
  };
  return reader;
}
