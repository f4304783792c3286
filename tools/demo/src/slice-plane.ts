import {
  linearValue,
  worldToVoxel,
  type NumericVoxelArray,
  type Vec3,
  type Volume,
} from '@hecktor/volume';

/** A rectangle in the world: pixel (u, v) lies at `corner + u * right + v * down` (mm, LPS). */
export interface Plane {
  readonly corner: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly width: number;
  readonly height: number;
}

/**
 * Samples a volume on a plane, whatever the volume's direction: linear, or nearest neighbour for
 * labels. Points outside are `outside`.
 */
export function slicePlane(
  volume: Volume<NumericVoxelArray>,
  plane: Plane,
  options: { readonly nearest?: boolean; readonly outside: number },
): Float32Array {
  const start = worldToVoxel(volume, plane.corner);
  const u = step(volume, plane.corner, plane.right);
  const v = step(volume, plane.corner, plane.down);
  const read = options.nearest === true ? nearestValue : linearValue;
  const out = new Float32Array(plane.width * plane.height);
  for (let row = 0, at = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++, at++) {
      const on = (axis: 0 | 1 | 2) => start[axis] + column * u[axis] + row * v[axis];
      out[at] = read(volume, [on(0), on(1), on(2)]) ?? options.outside;
    }
  }
  return out;
}

function step(volume: Volume, from: Vec3, by: Vec3): Vec3 {
  const a = worldToVoxel(volume, from);
  const b = worldToVoxel(volume, [from[0] + by[0], from[1] + by[1], from[2] + by[2]]);
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
}

function nearestValue({ data, size }: Volume<NumericVoxelArray>, index: Vec3) {
  const [x, y, z] = [Math.round(index[0]), Math.round(index[1]), Math.round(index[2])];
  if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) return undefined;
  return data[x + size[0] * (y + size[1] * z)]!;
}
