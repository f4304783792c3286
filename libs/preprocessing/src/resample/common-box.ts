import { HecktorError } from '@hecktor/errors';
import { identityDirection, perAxis, worldBox } from '@hecktor/volume';
import type { Grid, Vec3, WorldBox } from '@hecktor/volume';
import { roundHalfEven } from '../kernels/weights.ts';

/**
 * The grid with identity direction over the box that all grids have in common.
 *
 * `origin-plus-size`: from the largest origin to the smallest origin + size x spacing, rounded half
 * to even to whole voxels; directions are ignored. `voxel-edges`: the boxes around the outer voxel
 * edges in the world; the grid sits in the middle of what they share.
 *
 * @throws HecktorError IMAGES_DO_NOT_OVERLAP when not one voxel fits.
 */
export function commonBox(
  grids: readonly Grid[],
  spacing: Vec3,
  extent: 'origin-plus-size' | 'voxel-edges',
): Grid {
  const boxes = grids.map(extent === 'voxel-edges' ? worldBox : originBox);
  const low = perAxis((a) => Math.max(...boxes.map((box) => box.lower[a])));
  const high = perAxis((a) => Math.min(...boxes.map((box) => box.upper[a])));
  const size = perAxis((a) => roundHalfEven((high[a] - low[a]) / spacing[a]));
  if (!size.every((n) => n >= 1)) {
    const extents = perAxis((a) => Math.round(10 * (high[a] - low[a])) / 10);
    throw new HecktorError('IMAGES_DO_NOT_OVERLAP', {
      detail: `the box they share would be ${extents.join(' x ')} mm`,
    });
  }
  const origin =
    extent === 'origin-plus-size'
      ? low
      : perAxis((a) => (low[a] + high[a] - (size[a] - 1) * spacing[a]) / 2);
  return { size, spacing: [...spacing], origin, direction: identityDirection() };
}

function originBox({ origin, size, spacing }: Grid): WorldBox {
  return { lower: origin, upper: perAxis((a) => origin[a] + size[a] * spacing[a]) };
}
