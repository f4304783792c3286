import type { Direction, Grid, Vec3 } from './volume.ts';

/** A fresh row-major identity direction. */
export function identityDirection(): Direction {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
}

/** Number of voxels of a grid. */
export function voxelCount(grid: Pick<Grid, 'size'>): number {
  return grid.size[0] * grid.size[1] * grid.size[2];
}

/**
 * World position (LPS, mm) of a voxel index, which may be fractional:
 * `origin + direction * diag(spacing) * index`.
 */
export function voxelToWorld(grid: Grid, index: Vec3): Vec3 {
  const { direction: d, spacing, origin } = grid;
  const x = index[0] * spacing[0];
  const y = index[1] * spacing[1];
  const z = index[2] * spacing[2];
  return [
    origin[0] + d[0]! * x + d[1]! * y + d[2]! * z,
    origin[1] + d[3]! * x + d[4]! * y + d[5]! * z,
    origin[2] + d[6]! * x + d[7]! * y + d[8]! * z,
  ];
}

/** Fractional voxel index of a world position (LPS, mm). Exact for orthonormal directions. */
export function worldToVoxel(grid: Grid, position: Vec3): Vec3 {
  const { direction: d, spacing, origin } = grid;
  const x = position[0] - origin[0];
  const y = position[1] - origin[1];
  const z = position[2] - origin[2];
  return [
    (d[0]! * x + d[3]! * y + d[6]! * z) / spacing[0],
    (d[1]! * x + d[4]! * y + d[7]! * z) / spacing[1],
    (d[2]! * x + d[5]! * y + d[8]! * z) / spacing[2],
  ];
}

/** True when the direction is the identity, element for element, within `tolerance`. */
export function isIdentityDirection(direction: Direction, tolerance = 1e-9): boolean {
  return sameNumbers(direction, identityDirection(), tolerance);
}

/** True when all pairs differ by at most `tolerance` and the lengths are equal. */
export function sameNumbers(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  tolerance: number,
): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!(Math.abs(a[i]! - b[i]!) <= tolerance)) return false;
  }
  return true;
}
