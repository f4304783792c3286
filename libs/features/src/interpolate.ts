import { HecktorError } from '@hecktor/errors';
import {
  toVec3,
  voxelToWorld,
  worldToVoxel,
  type Grid,
  type NumericVoxelArray,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { TargetVoxels } from './targets.ts';

/**
 * The values of an image at the voxel centres of a target, by trilinear interpolation; NaN where the
 * image does not reach.
 *
 * The image comes to the mask and not the other way round: a mask of 1 mm picked on PET voxels of
 * 4 mm loses small nodes and moves every surface, while an interpolated image keeps both.
 *
 * @throws HecktorError IMAGE_NOT_FINITE when the image holds NaN or infinity there.
 */
export function valuesInTarget(
  { mask, indices }: TargetVoxels,
  image: Volume<NumericVoxelArray>,
  name: string,
): Float64Array {
  const map = indexMap(mask, image);
  const index = new Float64Array(3);
  const values = new Float64Array(indices.length / 3);
  for (let i = 0; i < values.length; i++) {
    map(toVec3(indices.subarray(3 * i, 3 * i + 3)), index);
    const value = linearValue(image, index);
    if (value !== undefined && !Number.isFinite(value)) {
      throw new HecktorError('IMAGE_NOT_FINITE', {
        detail: `the image "${name}" holds NaN or infinite values inside the tumour`,
      });
    }
    values[i] = value ?? NaN;
  }
  return values;
}

/** How far beyond an outer voxel edge, in voxels, rounding may put a position that lies on it. */
const ROUNDING = 1e-9;

/**
 * The value of an image at a fractional voxel index by trilinear interpolation, or undefined beyond
 * the outer voxel edges. Between the outer voxel centres and edges the border's value holds.
 */
function linearValue(
  { data, size }: Volume<NumericVoxelArray>,
  index: ArrayLike<number>,
): number | undefined {
  const first = [0, 0, 0];
  const share = [0, 0, 0];
  for (let a = 0; a < 3; a++) {
    const n = size[a as 0 | 1 | 2];
    const at = index[a]!;
    if (!(at >= -0.5 - ROUNDING && at <= n - 0.5 + ROUNDING)) return undefined;
    const inside = Math.min(Math.max(at, 0), n - 1);
    // A hair's breadth from a voxel centre it is the voxel's own value, without its neighbours.
    const near = Math.round(inside);
    const exact = Math.abs(inside - near) < ROUNDING ? near : inside;
    first[a] = Math.min(Math.floor(exact), Math.max(n - 2, 0));
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

/** Writes the fractional index in one grid of an index in another one to `out`. */
type IndexMap = (index: Vec3, out: Float64Array) => void;

/** The affine map from the voxels of one grid to those of another, through the world. */
export function indexMap(from: Grid, to: Grid): IndexMap {
  const at = (index: Vec3): Vec3 => worldToVoxel(to, voxelToWorld(from, index));
  const start = at([0, 0, 0]);
  const step = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((unit) => at(unit).map((v, a) => v - start[a]!));
  const [sx, sy, sz] = step as [number[], number[], number[]];
  return ([x, y, z], out) => {
    for (let a = 0; a < 3; a++) out[a] = start[a]! + sx[a]! * x + sy[a]! * y + sz[a]! * z;
  };
}
