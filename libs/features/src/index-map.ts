import { voxelToWorld, worldToVoxel } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';

/** Writes the fractional index in one grid of an index in another one to `out`. */
export type IndexMap = (index: Vec3, out: Float64Array) => void;

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
