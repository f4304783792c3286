import type { Grid, NumericVoxelArray, ScalarType, Volume } from '@hecktor/volume';
import { arrayClassOf, perAxis } from '@hecktor/volume';

/** Where an array lies in a golden file. */
export interface GoldenArray {
  readonly type: ScalarType;
  readonly offset: number;
  readonly count: number;
}

/** A grid as JSON. */
export type GoldenGrid = { readonly [K in keyof Grid]: number[] };

export type GoldenVolume = GoldenGrid & { readonly data: GoldenArray };

/** Arrays of a binary file that a script under tools/reference/preprocessing has written. */
interface GoldenArrays {
  array(entry: GoldenArray): NumericVoxelArray;
  volume(entry: GoldenVolume): Volume<NumericVoxelArray>;
}

/** Gives access to the arrays in the bytes of `golden/<name>.bin`. */
export function goldenArrays(bytes: Uint8Array): GoldenArrays {
  const buffer = Uint8Array.from(bytes).buffer;
  const array = ({ type, offset, count }: GoldenArray): NumericVoxelArray => {
    const Class = arrayClassOf(type);
    return new Class(buffer, offset, count) as NumericVoxelArray;
  };
  return { array, volume: (entry) => ({ ...goldenGrid(entry), data: array(entry.data) }) };
}

/** A grid from its JSON form. */
export function goldenGrid({ size, spacing, origin, direction }: GoldenGrid): Grid {
  return {
    size: perAxis((a) => size[a]!),
    spacing: perAxis((a) => spacing[a]!),
    origin: perAxis((a) => origin[a]!),
    direction: Float64Array.from(direction),
  };
}
