import { voxelToWorld } from './grid.ts';
import { perAxis } from './region.ts';
import type { Grid, Vec3 } from './volume.ts';

/** A box along the axes of the world, mm. */
export interface WorldBox {
  readonly lower: Vec3;
  readonly upper: Vec3;
}

/** The box around all voxels of an image, edges included. */
export function worldBox(grid: Grid): WorldBox {
  // Edges of the outer voxels, half a voxel beyond their centres.
  const edge = (corner: number, axis: 0 | 1 | 2): number =>
    (corner >> axis) & 1 ? grid.size[axis] - 0.5 : -0.5;
  const corners = Array.from({ length: 8 }, (_, corner) =>
    voxelToWorld(
      grid,
      perAxis((axis) => edge(corner, axis)),
    ),
  );
  return {
    lower: perAxis((axis) => Math.min(...corners.map((corner) => corner[axis]))),
    upper: perAxis((axis) => Math.max(...corners.map((corner) => corner[axis]))),
  };
}
