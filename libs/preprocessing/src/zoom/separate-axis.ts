import type { Vec3 } from '@hecktor/volume';

/** Whether slices are resampled each by itself, then along the axis across them. */
export type SeparateZ = 'auto' | boolean;

/** A spacing is anisotropic where the largest is more than so many times the smallest. */
const ANISOTROPY = 3;

/**
 * The axis (0 = x, 1 = y, 2 = z) across slices that nnU-Net resamples each by itself, or null. With
 * "auto" it does so where the spacing now is anisotropic, else where the new one is, along the axis
 * with the largest spacing; where two or three axes share that, it does not.
 */
export function separateAxis(separateZ: SeparateZ, now: Vec3, next: Vec3): 0 | 1 | 2 | null {
  if (separateZ === false) return null;
  if (separateZ === true || isAnisotropic(now)) return coarsestAxis(now);
  return isAnisotropic(next) ? coarsestAxis(next) : null;
}

function isAnisotropic(spacing: Vec3): boolean {
  return Math.max(...spacing) / Math.min(...spacing) > ANISOTROPY;
}

function coarsestAxis(spacing: Vec3): 0 | 1 | 2 | null {
  const largest = Math.max(...spacing);
  const [axis, ...others] = ([0, 1, 2] as const).filter((a) => largest / spacing[a] === 1);
  return others.length === 0 ? axis! : null;
}
