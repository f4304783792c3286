import { HecktorError } from '@hecktor/errors';
import { identityDirection, perAxis, voxelToWorld } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';

interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

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
  const boxes = grids.map(extent === 'voxel-edges' ? edgeBox : originBox);
  const low = perAxis((a) => Math.max(...boxes.map((box) => box.low[a])));
  const high = perAxis((a) => Math.min(...boxes.map((box) => box.high[a])));
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

function originBox({ origin, size, spacing }: Grid): Box {
  return { low: origin, high: perAxis((a) => origin[a] + size[a] * spacing[a]) };
}

function edgeBox(grid: Grid): Box {
  const corners: Vec3[] = [];
  for (const x of [-0.5, grid.size[0] - 0.5]) {
    for (const y of [-0.5, grid.size[1] - 0.5]) {
      for (const z of [-0.5, grid.size[2] - 0.5]) corners.push(voxelToWorld(grid, [x, y, z]));
    }
  }
  return {
    low: perAxis((a) => Math.min(...corners.map((c) => c[a]))),
    high: perAxis((a) => Math.max(...corners.map((c) => c[a]))),
  };
}

/** Rounds to the nearest integer, halves to the even one, as NumPy does. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
