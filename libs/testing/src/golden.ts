import { readFileSync } from 'node:fs';
import { arrayClassOf, type ScalarType } from '@hecktor/volume';

type ArrayOf<S extends ScalarType> = InstanceType<ReturnType<typeof arrayClassOf<S>>>;

/**
 * Reads a golden JSON file. Every golden says which library versions made it: one without a
 * `versions` entry is refused.
 */
export function readGoldenJson<T extends object>(file: URL | string): T {
  const value = JSON.parse(readFileSync(file, 'utf8')) as T & { versions?: unknown };
  if (typeof value.versions !== 'object' || value.versions === null) {
    throw new Error(`${String(file)}: a golden needs "versions", the libraries that made it`);
  }
  return value;
}

/**
 * Reads a golden array: little-endian raw values with nothing before or after. Throws when the
 * file does not hold exactly `length` values.
 */
export function readGoldenArray<S extends ScalarType>(
  file: URL | string,
  type: S,
  length: number,
): ArrayOf<S> {
  const bytes = readFileSync(file);
  const Class = arrayClassOf(type);
  const wanted = length * Class.BYTES_PER_ELEMENT;
  if (bytes.length !== wanted) {
    throw new Error(`${String(file)}: expected ${wanted} bytes (${type}), got ${bytes.length}`);
  }
  const own = new Uint8Array(wanted);
  own.set(bytes);
  return new Class(own.buffer) as ArrayOf<S>;
}
