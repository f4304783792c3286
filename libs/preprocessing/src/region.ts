import { voxelToWorld } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';

/** A box of voxels: first index and number of voxels along x, y, z. */
export interface Region {
  readonly start: Vec3;
  readonly size: Vec3;
}

/** Builds a vector from a function of the axis (0 = x, 1 = y, 2 = z). */
export function perAxis(value: (axis: 0 | 1 | 2) => number): Vec3 {
  return [value(0), value(1), value(2)];
}

/** The region that covers a whole grid. */
export function wholeRegion(grid: Pick<Grid, 'size'>): Region {
  return { start: [0, 0, 0], size: grid.size };
}

/**
 * The grid of a region, which may reach beyond its parent; the world position of a voxel that lies
 * in both is the same.
 */
export function gridOfRegion(grid: Grid, region: Region): Grid {
  return {
    size: region.size,
    spacing: grid.spacing,
    origin: voxelToWorld(grid, region.start),
    direction: grid.direction,
  };
}

/** The box that two regions share, or undefined when there is none. */
export function intersect(one: Region, other: Region): Region | undefined {
  const start = perAxis((a) => Math.max(one.start[a], other.start[a]));
  const size = perAxis(
    (a) => Math.min(one.start[a] + one.size[a], other.start[a] + other.size[a]) - start[a],
  );
  return size.every((n) => n > 0) ? { start, size } : undefined;
}
