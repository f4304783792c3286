import type { Vec3 } from '@hecktor/volume';
import { symmetricEigenvalues } from '../symmetric-eigenvalues.ts';
import { diametersOf } from './diameters.ts';
import { meshOf } from './marching-cubes.ts';
import type { BoxMask } from './region.ts';

/** PyRadiomics' `shape`: of the mesh around the mask and of its voxel centres' covariance. */
export function shape(mask: BoxMask, spacing: Vec3): Record<string, number> {
  const { area, volume } = meshOf(mask, spacing);
  const { any, slice, column, row } = diametersOf(mask, spacing);
  const { count, variances } = spread(mask, spacing);
  const [major, minor, least] = variances;
  const sphere = Math.cbrt(36 * Math.PI * volume ** 2);
  return {
    MeshVolume: volume,
    VoxelVolume: count * spacing[0] * spacing[1] * spacing[2],
    SurfaceArea: area,
    SurfaceVolumeRatio: area / volume,
    Sphericity: sphere / area,
    Compactness1: volume / (area ** 1.5 * Math.sqrt(Math.PI)),
    Compactness2: (36 * Math.PI * volume ** 2) / area ** 3,
    SphericalDisproportion: area / sphere,
    Maximum3DDiameter: any,
    Maximum2DDiameterSlice: slice,
    Maximum2DDiameterColumn: column,
    Maximum2DDiameterRow: row,
    MajorAxisLength: 4 * Math.sqrt(major),
    MinorAxisLength: 4 * Math.sqrt(minor),
    LeastAxisLength: 4 * Math.sqrt(least),
    Elongation: Math.sqrt(minor / major),
    Flatness: Math.sqrt(least / major),
  };
}

/** The number of voxels and the variances in mm2 along their principal axes, descending. */
function spread({ size, data }: BoxMask, spacing: Vec3): { count: number; variances: Vec3 } {
  const sums = new Float64Array(3);
  const squares = new Float64Array(9);
  let [count, at] = [0, 0];
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, at++) {
        if (data[at] === 0) continue;
        count++;
        const place = [x, y, z];
        for (let a = 0; a < 3; a++) {
          sums[a]! += place[a]!;
          for (let b = 0; b < 3; b++) squares[3 * a + b]! += place[a]! * place[b]!;
        }
      }
    }
  }
  // Sums of whole numbers are exact, so that a flat mask has a variance of exactly 0.
  const covariance = squares.map((square, i) => {
    const [a, b] = [Math.floor(i / 3) as 0 | 1 | 2, (i % 3) as 0 | 1 | 2];
    const moment = (count * square - sums[a]! * sums[b]!) / count ** 2;
    return moment * spacing[a] * spacing[b];
  });
  const [major, minor, least] = symmetricEigenvalues(covariance, 3, 3).map((v) => Math.max(v, 0));
  return { count, variances: [major!, minor!, least!] };
}
