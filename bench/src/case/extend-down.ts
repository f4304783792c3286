import { createVolume, type NumericVoxelArray, type Volume } from '@hecktor/volume';

/** Slices at the lower end of a phantom that look like any other part of the trunk. */
const TRUNK_SLICES = 20;

/**
 * Makes a volume longer towards the feet by mirroring its lowest slices over and over, so that the
 * new part has the noise and the share of air of a real scan. Slices run from feet to head.
 *
 * @param slices - Number of slices of the result, at least those of the volume.
 */
export function extendDown<T extends NumericVoxelArray>(
  volume: Volume<T>,
  slices: number,
): Volume<T> {
  const { size, spacing, origin, direction, data } = volume;
  const [width, height, depth] = size;
  const added = slices - depth;
  if (added < 0) throw new RangeError(`expected at least ${depth} slices, got ${slices}`);
  const area = width * height;
  const voxels = new (data.constructor as new (length: number) => T)(area * slices);
  voxels.set(data, added * area);
  const period = Math.min(TRUNK_SLICES, depth);
  for (let k = 0; k < added; k++) {
    const below = (added - 1 - k) % (2 * period);
    const source = below < period ? below : 2 * period - 1 - below;
    voxels.set(data.subarray(source * area, (source + 1) * area), k * area);
  }
  return createVolume(
    {
      size: [width, height, slices],
      spacing,
      origin: [origin[0], origin[1], origin[2] - added * spacing[2]],
      direction,
    },
    voxels,
  );
}
