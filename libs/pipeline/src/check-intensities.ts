import type { NumericVoxelArray } from '@hecktor/volume';

/** Air and lung lie below this, soft tissue above, HU. */
const AIR_HU = -200;

/** Range of a CT whose stored values, mostly 0 to 4095, were taken without their rescale intercept. */
const OFFSET_CT = { lowest: -AIR_HU, highest: [600, 8191] } as const;

/**
 * Every how many voxels are looked at first; odd, so that it meets all columns of an image. Looking
 * at all of a CT of 512x512x300 takes 0.2 s, at these 0.03 s.
 */
const SAMPLE = 31;

/** Lowest and highest value among every n-th voxel; NaN is passed over. */
export interface IntensityRange {
  readonly lowest: number;
  readonly highest: number;
  readonly everyNth: number;
}

/** The ranges of CT and PET, and what they tell. */
export interface Intensities {
  readonly ranges: { readonly ct: IntensityRange; readonly pet: IntensityRange };
  /** Why the images may not be a CT in HU and a PET, one sentence per reason, without any voxel value. */
  readonly warnings: readonly string[];
}

/**
 * The ranges of CT and PET, and why they may not be a CT in HU and a PET. None of it stops a run: a
 * reader of the log learns why a mask is empty or wrong. What a sample of the voxels makes doubtful
 * is looked for in all of them.
 */
export function checkIntensities(ct: NumericVoxelArray, pet: NumericVoxelArray): Intensities {
  const judged = { ct: judge(ct, checkCt), pet: judge(pet, checkPet) };
  return {
    ranges: { ct: judged.ct.range, pet: judged.pet.range },
    warnings: [judged.ct.warning, judged.pet.warning].filter((text) => text !== undefined),
  };
}

function judge(
  data: NumericVoxelArray,
  check: (range: IntensityRange) => string | undefined,
): { readonly range: IntensityRange; readonly warning: string | undefined } {
  const sampled = intensityRange(data, SAMPLE);
  if (check(sampled) === undefined) return { range: sampled, warning: undefined };
  const range = intensityRange(data, 1);
  return { range, warning: check(range) };
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

function intensityRange(data: NumericVoxelArray, everyNth: number): IntensityRange {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < data.length; i += everyNth) {
    const value = data[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest, everyNth };
}
