import { HecktorError, type ErrorFacts } from '@hecktor/errors';
import type { Direction, Grid, Vec3, Volume } from './volume.ts';

/** A fresh row-major identity direction. */
export function identityDirection(): Direction {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
}

/** The grid of a volume without its voxels, so that nothing holds on to these. */
export function bareGrid({ size, spacing, origin, direction }: Grid): Grid {
  return { size, spacing, origin, direction };
}

export function voxelCount(grid: Pick<Grid, 'size'>): number {
  return grid.size[0] * grid.size[1] * grid.size[2];
}

/** The index x, y, z of the voxel at a place in the voxel array. */
export function voxelIndex([nx, ny]: Vec3, at: number): Vec3 {
  const row = Math.floor(at / nx);
  return [at - row * nx, row % ny, Math.floor(row / ny)];
}

/**
 * World position (LPS, mm) of a voxel index, which may be fractional:
 * `origin + direction * diag(spacing) * index`.
 */
export function voxelToWorld(grid: Grid, index: Vec3): Vec3 {
  const { direction: d, spacing, origin } = grid;
  const [x, y, z] = [index[0] * spacing[0], index[1] * spacing[1], index[2] * spacing[2]];
  return [
    origin[0] + d[0]! * x + d[1]! * y + d[2]! * z,
    origin[1] + d[3]! * x + d[4]! * y + d[5]! * z,
    origin[2] + d[6]! * x + d[7]! * y + d[8]! * z,
  ];
}

/** Fractional voxel index of a world position (LPS, mm). Exact for orthonormal directions. */
export function worldToVoxel(grid: Grid, position: Vec3): Vec3 {
  const { direction: d, spacing, origin } = grid;
  const [x, y, z] = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
  return [
    (d[0]! * x + d[3]! * y + d[6]! * z) / spacing[0],
    (d[1]! * x + d[4]! * y + d[7]! * z) / spacing[1],
    (d[2]! * x + d[5]! * y + d[8]! * z) / spacing[2],
  ];
}

/** True when all pairs differ by at most `tolerance` and the lengths are equal. */
export function sameNumbers(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  tolerance: number,
): boolean {
  return a.length === b.length && Array.from(a).every((x, i) => Math.abs(x - b[i]!) <= tolerance);
}

/** Largest deviation of `direction * directionᵀ` from the identity that still counts as rotation. */
const ORTHONORMAL_TOLERANCE = 1e-4;

/**
 * Throws unless the grid can describe a volume.
 *
 * @throws HecktorError IMAGE_GEOMETRY_INVALID for a size, spacing, origin or direction that is not
 * finite, not positive, or not orthonormal.
 */
export function assertGrid(grid: Grid, facts: Pick<ErrorFacts, 'file'> = {}): void {
  const fail = (detail: string): never => {
    throw new HecktorError('IMAGE_GEOMETRY_INVALID', { ...facts, detail });
  };
  if (!grid.size.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    fail(`size is [${grid.size.join(', ')}], expected three whole numbers >= 1`);
  }
  if (!grid.spacing.every((s) => Number.isFinite(s) && s > 0)) {
    fail(`spacing is [${grid.spacing.join(', ')}] mm, expected three finite numbers > 0`);
  }
  if (!grid.origin.every(Number.isFinite)) {
    fail(`origin is [${grid.origin.join(', ')}] mm, expected three finite numbers`);
  }
  const d = grid.direction;
  if (d.length !== 9 || !Array.from(d).every(Number.isFinite)) {
    fail(`direction is [${Array.from(d).join(', ')}], expected nine finite numbers`);
  }
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const dot = d[a]! * d[b]! + d[a + 3]! * d[b + 3]! + d[a + 6]! * d[b + 6]!;
      if (Math.abs(dot - (a === b ? 1 : 0)) > ORTHONORMAL_TOLERANCE) {
        fail(`direction [${Array.from(d).join(', ')}] is not orthonormal`);
      }
    }
  }
}

/** Throws unless the voxel array holds exactly the grid's voxels. */
export function assertVolume(volume: Volume, facts: Pick<ErrorFacts, 'file'> = {}): void {
  assertGrid(volume, facts);
  if (volume.data.length !== voxelCount(volume)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      ...facts,
      detail: `expected ${voxelCount(volume)} voxels, got ${volume.data.length}`,
    });
  }
}

/**
 * How far the grids of two images may differ that went through files, mm. Headers round: NIfTI holds float32, whose steps are 3e-5 mm for an origin of 300 mm and, by way of
 * its quaternion, up to about 1e-5 for a direction cosine; MetaImage of older programs has six
 * digits, 5e-4 mm for the same origin. All of that is far below any voxel, and a grid that is really
 * another one is off by far more. Grids that this software computed agree to
 * {@link ROUNDING_TOLERANCE}.
 */
export const HEADER_TOLERANCE = 1e-3;

/** How far two grids may differ that were computed in another order of operations, mm. */
const ROUNDING_TOLERANCE = 1e-6;

/**
 * True when two grids have the same size and agree to `tolerance` mm in spacing and origin, and in
 * direction cosines to a tenth of its number, which moves no voxel of a head by a tenth of a mm.
 */
export function isSameGrid(a: Grid, b: Grid, tolerance = ROUNDING_TOLERANCE): boolean {
  return differingField(a, b, tolerance) === undefined;
}

/** Throws OUTPUT_GRID_MISMATCH, naming the first field that differs, unless {@link isSameGrid}. */
export function assertSameGrid(expected: Grid, actual: Grid, tolerance = ROUNDING_TOLERANCE): void {
  const field = differingField(expected, actual, tolerance);
  if (field === undefined) return;
  const [found, wanted] = [actual, expected].map((grid) => Array.from(grid[field]).join(', '));
  throw new HecktorError('OUTPUT_GRID_MISMATCH', {
    detail: `${field} is [${found}], expected [${wanted}]`,
  });
}

function differingField(a: Grid, b: Grid, tolerance: number): keyof Grid | undefined {
  const limits: Readonly<Record<keyof Grid, number>> = {
    size: 0,
    spacing: tolerance,
    origin: tolerance,
    direction: Math.max(ROUNDING_TOLERANCE, tolerance / 10),
  };
  const fields = ['size', 'spacing', 'origin', 'direction'] as const;
  return fields.find((field) => !sameNumbers(a[field], b[field], limits[field]));
}
