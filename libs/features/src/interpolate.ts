import { HecktorError } from '@hecktor/errors';
import {
  linearValue,
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

/** Writes the fractional index in one grid of an index in another one to `out`. */
type IndexMap = (index: Vec3, out: Float64Array) => void;

/** The affine map from the voxels of one grid to those of another, through the world. */
export function indexMap(from: Grid, to: Grid): IndexMap {
  const at = (index: Vec3): Vec3 => worldToVoxel(to, voxelToWorld(from, index));
  const start = at([0, 0, 0]);
  const step = (unit: Vec3): Vec3 => toVec3(at(unit).map((v, a) => v - start[a]!));
  const [sx, sy, sz] = [step([1, 0, 0]), step([0, 1, 0]), step([0, 0, 1])];
  return ([x, y, z], out) => {
    for (let a = 0; a < 3; a++) out[a] = start[a]! + sx[a]! * x + sy[a]! * y + sz[a]! * z;
  };
}
