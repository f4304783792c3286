import { HecktorError } from '@hecktor/errors';
import { assertGrid, createVolume, perAxis, voxelToWorld } from '@hecktor/volume';
import type { Grid, Volume } from '@hecktor/volume';

/**
 * A volume of one voxel that has the same value wherever a grid has voxels, and as far again on
 * every side. It stands in for an image that a case does not have.
 *
 * @throws HecktorError INVALID_ARGUMENT for a value that is not finite or too large for float32;
 * IMAGE_GEOMETRY_INVALID for a grid that is none.
 */
export function constantVolume(value: number, grid: Grid): Volume<Float32Array> {
  assertGrid(grid);
  if (!Number.isFinite(Math.fround(value))) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected a finite float32 value, got ${value}`,
    });
  }
  const whole: Grid = {
    size: [1, 1, 1],
    spacing: perAxis((a) => 3 * grid.size[a] * grid.spacing[a]),
    origin: voxelToWorld(
      grid,
      perAxis((a) => (grid.size[a] - 1) / 2),
    ),
    direction: Float64Array.from(grid.direction),
  };
  return createVolume(whole, Float32Array.of(value));
}
