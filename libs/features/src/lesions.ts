import {
  componentRuns,
  voxelIndex,
  type Connectivity,
  type NumericVoxelArray,
  type Volume,
} from '@hecktor/volume';
import { valuesInTarget } from './interpolate.ts';

/** A connected component of one label. */
export interface Lesion {
  /** Index x, y, z of each voxel, one after another. */
  readonly indices: Int32Array;
  /** mL */
  readonly volume: number;
  /**
   * Of the PET interpolated linearly at the mask's voxel centres, those beyond the PET left out;
   * undefined without a PET or where it does not reach.
   */
  readonly suvMax: number | undefined;
}

/**
 * The lesions of a label, in the order of {@link componentRuns}.
 *
 * @throws HecktorError IMAGE_NOT_FINITE for NaN or infinite PET values inside a lesion.
 */
export function lesionsOf(
  mask: Volume<Uint8Array>,
  label: number,
  connectivity: Connectivity,
  pet?: Volume<NumericVoxelArray>,
): Lesion[] {
  const { starts, ends, labels, voxels } = componentRuns(mask.data, mask.size, label, connectivity);
  const each = (mask.spacing[0] * mask.spacing[1] * mask.spacing[2]) / 1000;
  const indices = Array.from(voxels, (count) => new Int32Array(3 * count));
  const filled = indices.map(() => 0);
  labels.forEach((component, run) => {
    for (let at = starts[run]!; at < ends[run]!; at++, filled[component - 1]! += 3) {
      indices[component - 1]!.set(voxelIndex(mask.size, at), filled[component - 1]);
    }
  });
  return indices.map((own) => {
    const values = pet && valuesInTarget({ mask, indices: own }, pet, 'pet');
    const highest = values?.reduce((most, value) => (value > most ? value : most), -Infinity);
    const suvMax = highest === -Infinity ? undefined : highest;
    return { indices: own, volume: (own.length / 3) * each, suvMax };
  });
}
