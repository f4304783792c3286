import { readFileSync } from 'node:fs';
import type { Grid, NumericVoxelArray, ScalarType, Volume } from '@hecktor/volume';
import { arrayClassOf } from '@hecktor/volume';

/** Where an array lies in a golden file. */
export interface GoldenArray {
  readonly type: ScalarType;
  readonly offset: number;
  readonly count: number;
}

/** A grid as JSON. */
export type GoldenGrid = { readonly [K in keyof Grid]: number[] };

export type GoldenVolume = GoldenGrid & { readonly data: GoldenArray };

/** Facts and arrays that a script under tools/reference/preprocessing has written. */
export interface Golden<Facts> {
  readonly facts: Facts;
  array(entry: GoldenArray): NumericVoxelArray;
  volume(entry: GoldenVolume): Volume<NumericVoxelArray>;
}

/** Reads `golden/<name>.json` and `golden/<name>.bin`. */
export function readGolden<Facts>(name: string): Golden<Facts> {
  const file = (extension: string): Buffer =>
    readFileSync(new URL(`../../golden/${name}.${extension}`, import.meta.url));
  const facts = JSON.parse(file('json').toString()) as Facts;
  const bytes = file('bin');
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const array = ({ type, offset, count }: GoldenArray): NumericVoxelArray => {
    const Class = arrayClassOf(type);
    return new Class(buffer as ArrayBuffer, offset, count) as NumericVoxelArray;
  };
  return {
    facts,
    array,
    volume: (entry) => ({ ...goldenGrid(entry), data: array(entry.data) }),
  };
}

/** A grid from its JSON form. */
export function goldenGrid({ size, spacing, origin, direction }: GoldenGrid): Grid {
  return {
    size: size as unknown as Grid['size'],
    spacing: spacing as unknown as Grid['spacing'],
    origin: origin as unknown as Grid['origin'],
    direction: Float64Array.from(direction),
  };
}

/** Largest absolute difference; NaN where one of both is not a number. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= largest)) largest = d;
  }
  return largest;
}
