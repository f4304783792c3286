import type { NumericVoxelArray, Volume } from '@hecktor/volume';

/** Air and lung lie below this, soft tissue above, HU. */
const AIR_HU = -200;

/** Range of a CT whose stored values, mostly 0 to 4095, were taken without their rescale intercept. */
const OFFSET_CT = { lowest: -AIR_HU, highest: [600, 8191] } as const;

/** Every how many voxels are looked at first; odd, so that it meets all columns of an image. */
const SAMPLE = 31;

interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * What makes one doubt that the images are a CT in HU and a PET. None of it stops a run: a reader
 * of the log learns why a mask is empty or odd. Image names other than `ct` and `pet` are passed over.
 *
 * @returns One sentence per doubt, without any voxel value.
 */
export function implausible(
  images: Readonly<Record<string, Volume<NumericVoxelArray>>>,
): readonly string[] {
  const { ct, pet } = images;
  const doubts = [
    ct === undefined ? undefined : doubtOf(ct.data, doubtOfCt),
    pet === undefined ? undefined : doubtOf(pet.data, doubtOfPet),
  ];
  return doubts.filter((doubt) => doubt !== undefined);
}

/** What a sample makes one doubt is looked for in all voxels. */
function doubtOf(
  data: NumericVoxelArray,
  judge: (range: Range) => string | undefined,
): string | undefined {
  return judge(rangeOf(data, SAMPLE)) && judge(rangeOf(data, 1));
}

function doubtOfCt({ lowest, highest }: Range): string | undefined {
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

function doubtOfPet({ lowest, highest }: Range): string | undefined {
  if (lowest === highest) return 'all voxels of the PET have the same value';
  if (highest <= 0) return 'the PET shows no uptake above 0';
  if (-lowest <= highest) return undefined;
  return 'the PET is more negative than positive: CT and PET may be swapped';
}

/** Lowest and highest of every `step`-th voxel. */
function rangeOf(data: NumericVoxelArray, step: number): Range {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < data.length; i += step) {
    const value = data[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}
