import type { Triple } from './predictor.ts';
import { windowPositions, windowStarts } from './window-positions.ts';

/** Windows over an image, in image coordinates: a start is negative where the image is padded. */
export interface WindowLayout {
  readonly size: Triple;
  readonly roi: Triple;
  /** Window starts per axis. */
  readonly starts: readonly (readonly number[])[];
  /** All windows in the order in which they are run. */
  readonly positions: readonly Triple[];
}

/**
 * Lays windows over an image. Where the image is shorter than the window it is thought of as
 * padded, half of the missing voxels (rounded down) before it and the rest after.
 */
export function layOutWindows(size: Triple, roi: Triple, overlap: Triple): WindowLayout {
  const starts = size.map((length, axis) => {
    const missing = Math.max(0, roi[axis]! - length);
    if (missing > 0) return [-Math.floor(missing / 2)];
    return windowStarts(length, roi[axis]!, overlap[axis]!);
  });
  return { size, roi, starts, positions: windowPositions(starts) };
}

/** The part of a window inside the image along one axis: window indices `from` to `to - 1`. */
export function insideOf(start: number, roi: number, length: number): { from: number; to: number } {
  return { from: Math.max(0, -start), to: Math.min(roi, length - start) };
}
