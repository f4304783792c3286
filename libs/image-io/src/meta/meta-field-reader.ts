import { HecktorError } from '@hecktor/errors';

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
