import type { NumericVoxelArray, Volume } from '@hecktor/volume';

/**
 * The same volume with voxels that are JavaScript numbers, as all computing needs: 64-bit integers
 * become float64 (exact up to 2^53), every other type is passed on, not copied.
 */
export function toNumeric(volume: Volume): Volume<NumericVoxelArray> {
  const { data } = volume;
  if (!(data instanceof BigInt64Array) && !(data instanceof BigUint64Array)) {
    return volume as Volume<NumericVoxelArray>;
  }
  const numbers = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
  return { ...volume, data: numbers };
}
