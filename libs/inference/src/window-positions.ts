import type { Triple } from './predictor.ts';

/**
 * Where windows start along one axis, as MONAI's `dense_patch_slices` has it: every
 * `int(roi * (1 - overlap))` voxels (at least 1; the whole window where it fills the axis), the
 * last window shifted back so that it ends with the axis.
 */
export function windowStarts(length: number, roi: number, overlap: number): number[] {
  if (roi >= length) return [0];
  const interval = Math.max(1, Math.trunc(roi * (1 - overlap)));
  const starts: number[] = [];
  for (let start = 0; ; start += interval) {
    if (start + roi >= length) {
      starts.push(length - roi);
      return starts;
    }
    starts.push(start);
  }
}

/** Window starts of three axes in MONAI's order: row-major, the last axis fastest. */
export function windowPositions(starts: readonly (readonly number[])[]): Triple[] {
  const [first = [], second = [], third = []] = starts;
  return first.flatMap((a) => second.flatMap((b) => third.map((c): Triple => [a, b, c])));
}
