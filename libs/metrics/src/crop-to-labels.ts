import { boxOf, copyBox, gridOfRegion, voxelCount } from '@hecktor/volume';
import { assertSameMaskGrid, type Mask } from './overlap.ts';

/**
 * Both masks cut to the smallest box that holds all voxels of either that are not 0. Every score is
 * the same as that of the whole masks, lesions at the image's border included, at a fraction of the
 * time: lesions fill little of a scan.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function cropToLabels(truth: Mask, prediction: Mask): readonly [truth: Mask, Mask] {
  assertSameMaskGrid(truth, prediction);
  const found = boxOf(truth.size, truth.data, prediction.data);
  // Both are empty: any voxel will do.
  const box = found ?? { start: [0, 0, 0], size: [1, 1, 1] };
  const cut = (mask: Mask): Mask => {
    const data = copyBox(mask, box, new Uint8Array(voxelCount(box)));
    return { ...gridOfRegion(mask, box), data };
  };
  return [cut(truth), cut(prediction)];
}
