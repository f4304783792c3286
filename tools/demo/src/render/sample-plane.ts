import { worldToVoxel, type NumericVoxelArray, type Vec3, type Volume } from '@hecktor/volume';
import type { Plane } from './plane.ts';

/** Value of the plane's pixels in row-major order; NaN outside the volume. */
export function samplePlane(
  volume: Volume<NumericVoxelArray>,
  plane: Plane,
  interpolation: 'linear' | 'nearest',
): Float32Array {
  const sample = interpolation === 'linear' ? sampleLinear : sampleNearest;
  const out = new Float32Array(plane.width * plane.height);
  for (let v = 0; v < plane.height; v++) {
    for (let u = 0; u < plane.width; u++) {
      const position = plane.corner.map(
        (start, axis) => start + u * plane.right[axis]! + v * plane.down[axis]!,
      ) as unknown as Vec3;
      out[u + plane.width * v] = sample(volume, worldToVoxel(volume, position));
    }
  }
  return out;
}

function sampleNearest(volume: Volume<NumericVoxelArray>, index: Vec3): number {
  const [nx, ny, nz] = volume.size;
  const i = Math.round(index[0]);
  const j = Math.round(index[1]);
  const k = Math.round(index[2]);
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return NaN;
  return volume.data[i + nx * (j + ny * k)]!;
}

function sampleLinear(volume: Volume<NumericVoxelArray>, index: Vec3): number {
  const [nx, ny, nz] = volume.size;
  for (let axis = 0; axis < 3; axis++) {
    if (!(index[axis]! >= -0.5 && index[axis]! < volume.size[axis]! - 0.5)) return NaN;
  }
  const [x, y, z] = index;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const z0 = Math.floor(z);
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const dx = corner & 1;
    const dy = (corner >> 1) & 1;
    const dz = corner >> 2;
    const weight =
      (dx ? x - x0 : 1 - x + x0) * (dy ? y - y0 : 1 - y + y0) * (dz ? z - z0 : 1 - z + z0);
    const i = clamp(x0 + dx, nx);
    const j = clamp(y0 + dy, ny);
    const k = clamp(z0 + dz, nz);
    sum += weight * volume.data[i + nx * (j + ny * k)]!;
  }
  return sum;
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), count - 1);
}
