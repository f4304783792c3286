import type { Mask } from './label-overlap.ts';

/**
 * Positions, in mm along the voxel axes, of the voxels of `label` with a face neighbour that is of
 * another label or outside the image; x, y, z of one point after another.
 */
export function surfacePoints(mask: Mask, label: number): Float64Array {
  const { data, size, spacing } = mask;
  const [nx, ny, nz] = size;
  const slice = nx * ny;
  const points: number[] = [];
  for (let i = data.indexOf(label); i !== -1; i = data.indexOf(label, i + 1)) {
    const x = i % nx;
    const y = Math.floor(i / nx) % ny;
    const z = Math.floor(i / slice);
    const inside =
      x > 0 &&
      x < nx - 1 &&
      y > 0 &&
      y < ny - 1 &&
      z > 0 &&
      z < nz - 1 &&
      data[i - 1] === label &&
      data[i + 1] === label &&
      data[i - nx] === label &&
      data[i + nx] === label &&
      data[i - slice] === label &&
      data[i + slice] === label;
    if (!inside) points.push(x * spacing[0], y * spacing[1], z * spacing[2]);
  }
  return Float64Array.from(points);
}
