import type { NumericVoxelArray, Volume } from './volume.ts';

/** How far beyond an outer voxel edge, in voxels, rounding may put a position that lies on it. */
const ROUNDING = 1e-9;

// Bound once: in a test runner's sandbox looking up a global costs more than the maths.
const { abs, floor, max, min, round } = Math;

/**
 * The value of an image at a fractional voxel index by trilinear interpolation, or undefined beyond
 * the outer voxel edges. Between the outer voxel centres and edges the border's value holds.
 */
export function linearValue(
  { data, size }: Volume<NumericVoxelArray>,
  index: ArrayLike<number>,
): number | undefined {
  const first = [0, 0, 0];
  const share = [0, 0, 0];
  for (let a = 0; a < 3; a++) {
    const n = size[a as 0 | 1 | 2];
    const at = index[a]!;
    if (!(at >= -0.5 - ROUNDING && at <= n - 0.5 + ROUNDING)) return undefined;
    const inside = min(max(at, 0), n - 1);
    // A hair's breadth from a voxel centre it is the voxel's own value, without its neighbours.
    const near = round(inside);
    const exact = abs(inside - near) < ROUNDING ? near : inside;
    first[a] = min(floor(exact), max(n - 2, 0));
    share[a] = exact - first[a]!;
  }
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    let at = 0;
    let stride = 1;
    for (let a = 0; a < 3; a++) {
      const far = (corner >> a) & 1;
      weight *= far === 1 ? share[a]! : 1 - share[a]!;
      at += (first[a]! + far) * stride;
      stride *= size[a as 0 | 1 | 2];
    }
    if (weight !== 0) sum += weight * data[at]!;
  }
  return sum;
}
