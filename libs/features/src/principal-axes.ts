import { toVec3, type Vec3 } from '@hecktor/volume';
import type { TargetVoxels } from './targets.ts';

/** Extent of a target along the axes of the ellipsoid with the same second moments. */
interface Axes {
  readonly majorAxis: number;
  /** Second longest axis over the longest, 1 for a sphere. */
  readonly elongation: number;
  /** Shortest axis over the longest. */
  readonly flatness: number;
}

/**
 * Principal axes of the voxel centres in mm: 4 sqrt(eigenvalue) of their covariance (divided by the
 * number of voxels). Definitions: Image Biomarker Standardisation Initiative, reference manual,
 * morphological features "major axis length", "elongation", "flatness". Undefined for one voxel.
 */
export function principalAxes({ mask, indices }: TargetVoxels): Axes | undefined {
  const count = indices.length / 3;
  const { spacing } = mask;
  const mean = [0, 0, 0];
  for (let i = 0; i < indices.length; i++) mean[i % 3]! += indices[i]! / count;
  const m = new Float64Array(9);
  for (let i = 0; i < indices.length; i += 3) {
    for (let a = 0; a < 3; a++) {
      const u = (indices[i + a]! - mean[a]!) * spacing[a as 0 | 1 | 2];
      for (let b = a; b < 3; b++) {
        m[3 * a + b]! += (u * (indices[i + b]! - mean[b]!) * spacing[b as 0 | 1 | 2]) / count;
      }
    }
  }
  const [least, minor, major] = eigenvalues(m);
  if (major === 0) return undefined;
  return {
    majorAxis: 4 * Math.sqrt(major),
    elongation: Math.sqrt(minor / major),
    flatness: Math.sqrt(least / major),
  };
}

/** Eigenvalues, ascending, of a symmetric 3x3 matrix given by its upper half (Smith 1961). */
function eigenvalues(m: Float64Array): Vec3 {
  const [xx, xy, xz, , yy, yz, , , zz] = [...m];
  const beside = xy! * xy! + xz! * xz! + yz! * yz!;
  if (beside === 0) return toVec3([xx!, yy!, zz!].sort((a, b) => a - b));
  const q = (xx! + yy! + zz!) / 3;
  const p = Math.sqrt(((xx! - q) ** 2 + (yy! - q) ** 2 + (zz! - q) ** 2 + 2 * beside) / 6);
  const [a, b, c] = [(xx! - q) / p, (yy! - q) / p, (zz! - q) / p];
  const [d, e, f] = [xy! / p, xz! / p, yz! / p];
  const half = (a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)) / 2;
  const angle = Math.acos(Math.min(Math.max(half, -1), 1)) / 3;
  const high = q + 2 * p * Math.cos(angle);
  const low = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  // Rounding may make a moment of a flat target negative.
  return [Math.max(low, 0), Math.max(3 * q - high - low, 0), Math.max(high, 0)];
}
