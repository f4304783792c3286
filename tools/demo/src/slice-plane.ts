import { worldToVoxel, type NumericVoxelArray, type Vec3, type Volume } from '@hecktor/volume';

// Bound once: in a test runner's sandbox looking up a global costs more than the maths.
const { floor, max, min, round } = Math;

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
  const read = options.nearest === true ? nearest : linear;
  const out = new Float32Array(plane.width * plane.height);
  for (let row = 0, at = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++, at++) {
      const x = start[0] + column * u[0] + row * v[0];
      const y = start[1] + column * u[1] + row * v[1];
      const z = start[2] + column * u[2] + row * v[2];
      out[at] = read(volume, x, y, z) ?? options.outside;
    }
  }
  return out;
}

function step(volume: Volume, from: Vec3, by: Vec3): Vec3 {
  const a = worldToVoxel(volume, from);
  const b = worldToVoxel(volume, [from[0] + by[0], from[1] + by[1], from[2] + by[2]]);
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
}

type Read = (v: Volume<NumericVoxelArray>, x: number, y: number, z: number) => number | undefined;

const nearest: Read = ({ data, size }, x, y, z) => {
  const [i, j, k] = [round(x), round(y), round(z)];
  if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return undefined;
  return data[i + size[0] * (j + size[1] * k)]!;
};

const linear: Read = ({ data, size }, x, y, z) => {
  const [nx, ny, nz] = size;
  if (x < -0.5 || y < -0.5 || z < -0.5) return undefined;
  if (x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) return undefined;
  const [i0, j0, k0] = [max(0, floor(x)), max(0, floor(y)), max(0, floor(z))];
  const [i1, j1, k1] = [min(nx - 1, i0 + 1), min(ny - 1, j0 + 1), min(nz - 1, k0 + 1)];
  const [tx, ty, tz] = [max(0, x - i0), max(0, y - j0), max(0, z - k0)];
  const line = (j: number, k: number) => {
    const row = nx * (j + ny * k);
    return data[row + i0]! * (1 - tx) + data[row + i1]! * tx;
  };
  const sheet = (k: number) => line(j0, k) * (1 - ty) + line(j1, k) * ty;
  return sheet(k0) * (1 - tz) + sheet(k1) * tz;
};
