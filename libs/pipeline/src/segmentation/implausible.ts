import type { NumericVoxelArray, Volume } from '@hecktor/volume';

/** Air and lung lie below this, soft tissue above, HU. */
const AIR_HU = -200;

/**
 * What makes one doubt that the images are a CT in HU and a PET. None of it stops a run: a reader
 * of the log learns why a mask is empty or odd. Image names other than `ct` and `pet` are passed over.
 *
 * @returns One sentence per doubt, without any voxel value.
 */
export function implausible(
  images: Readonly<Record<string, Volume<NumericVoxelArray>>>,
): readonly string[] {
  const doubts: string[] = [];
  const { ct, pet } = images;
  if (ct !== undefined) {
    const { lowest, highest } = rangeOf(ct.data);
    if (lowest === highest) doubts.push('all voxels of the CT have the same value');
    else if (lowest > AIR_HU) {
      doubts.push('the CT shows no air: it may not be in HU, or CT and PET may be swapped');
    }
  }
  if (pet !== undefined) {
    const { lowest, highest } = rangeOf(pet.data);
    if (lowest === highest) doubts.push('all voxels of the PET have the same value');
    else if (highest <= 0) doubts.push('the PET shows no uptake above 0');
    else if (-lowest > highest) {
      doubts.push('the PET is more negative than positive: CT and PET may be swapped');
    }
  }
  return doubts;
}

function rangeOf(data: NumericVoxelArray): { lowest: number; highest: number } {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}
