import type { NumericVoxelArray } from '@hecktor/volume';

/** Air and lung lie below this, soft tissue above, HU. */
const AIR_HU = -200;

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
  // Stored with an offset of 1024, as raw DICOM values are, air is near 0 and bone far above 1000.
  if (lowest >= 0 && lowest < 100 && highest > 1500) {
    return 'the CT has no negative value: its HU may be stored with an offset of 1024';
  }
  return 'the CT shows no air: it may not be in HU, or CT and PET may be swapped';
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
