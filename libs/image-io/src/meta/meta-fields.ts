import type { HecktorError } from '@hecktor/errors';
import type { ImageErrors } from '../open-file.ts';

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
 */
export function parseMetaHeader(head: Buffer, errors: ImageErrors): MetaFields | undefined {
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
      throw errors.invalid(`line ${values.size + 1} of the header is not "Key = value"`);
    }
    const key = line.slice(0, separator).trim();
    values.set(key, line.slice(separator + 1).trim());
    if (key === 'ElementDataFile') return { values, end: start };
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:nan|inf(?:inity)?)$/i;

/**
 * Typed access to the fields of a MetaImage header; a field that is absent is `undefined`. Every
 * method throws IMAGE_HEADER_INVALID for a malformed value.
 */
export class MetaFieldReader {
  readonly #values: ReadonlyMap<string, string>;
  /** IMAGE_HEADER_INVALID with a detail, to throw. */
  readonly invalid: (detail: string) => HecktorError;

  constructor(values: ReadonlyMap<string, string>, errors: ImageErrors) {
    this.#values = values;
    this.invalid = errors.invalid;
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  integer(name: string): number | undefined {
    const value = this.numbers(name, 1)?.[0];
    if (value === undefined || Number.isSafeInteger(value)) return value;
    throw this.invalid(`${name} is ${value}, expected a whole number`);
  }

  /** Exactly `count` numbers; NaN and infinities come through for the geometry check to name. */
  numbers(name: string, count: number): readonly number[] | undefined {
    const words = this.text(name)?.split(/\s+/).filter(Boolean);
    if (words === undefined) return undefined;
    if (words.length !== count) {
      throw this.invalid(`${name} has ${words.length} values, expected ${count}`);
    }
    return words.map((word) => {
      if (NUMBER.test(word)) return Number(word);
      if (NOT_FINITE.test(word)) return Number.NaN;
      throw this.invalid(`${name} holds a word that is not a number`);
    });
  }

  flag(name: string): boolean | undefined {
    const word = this.text(name)?.toLowerCase();
    if (word === undefined) return undefined;
    if (['true', 't', '1'].includes(word)) return true;
    if (['false', 'f', '0'].includes(word)) return false;
    throw this.invalid(`${name} is neither True nor False`);
  }

  /** Throws: the field must be there. */
  missing(name: string): never {
    throw this.invalid(`the field ${name} is missing`);
  }
}
