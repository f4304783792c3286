import type { NumericVoxelArray } from '@hecktor/volume';

/** Air and lung lie below this, soft tissue above, HU. */
const AIR_HU = -200;

/** Range of a CT whose stored values, mostly 0 to 4095, were taken without their rescale intercept. */
const OFFSET_CT = { lowest: -AIR_HU, highest: [600, 8191] } as const;

/** Lowest and highest value of an image. */
export interface IntensityRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Why the images may not be a CT in HU and a PET. None of it stops a run: a reader of the log learns
 * why a mask is empty or wrong.
 *
 * @returns One sentence per reason, without any voxel value.
 */
export function checkIntensities(ranges: {
  readonly ct: IntensityRange;
  readonly pet: IntensityRange;
}): readonly string[] {
  return [checkCt(ranges.ct), checkPet(ranges.pet)].filter((warning) => warning !== undefined);
}

function checkCt({ lowest, highest }: IntensityRange): string | undefined {
  if (lowest === highest) return 'all voxels of the CT have the same value';
  if (lowest <= AIR_HU) return undefined;
  const [least, most] = OFFSET_CT.highest;
  if (Math.abs(lowest) <= OFFSET_CT.lowest && highest >= least && highest <= most) {
    return (
      'the CT holds no value as low as air in HU, but looks like one with an offset: subtract what ' +
      'its rescale intercept says, often 1024'
    );
  }
  return 'the CT holds no value as low as air in HU: it may have other units, or CT and PET may be swapped';
}

function checkPet({ lowest, highest }: IntensityRange): string | undefined {
  if (lowest === highest) return 'all voxels of the PET have the same value';
  if (highest <= 0) return 'the PET shows no uptake above 0';
  if (-lowest <= highest) return undefined;
  return 'the PET is more negative than positive: CT and PET may be swapped';
}

/** Lowest and highest of all voxels; NaN is passed over. */
export function intensityRange(data: NumericVoxelArray): IntensityRange {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}
