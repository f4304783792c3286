import { MARGIN, zoomAxis } from './zoom-axis.ts';

/** The two voxels along an axis that each position lies between, and the nearer of them. */
export interface Neighbours {
  readonly from: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Weight of the higher one. */
  readonly share: Float64Array;
  readonly nearest: Int32Array;
}

/** Tabulates the neighbours of each position for interpolation by order 1, or by order 0: both the nearest. */
export function neighbours(from: number, to: number, order: 0 | 1): Neighbours {
  const own = Int32Array.from({ length: to }, (_, i) => i);
  const closest = zoomAxis(from, to, 0);
  const nearest = closest === null ? own : closest.base.map((base) => base - MARGIN + 1);
  const between = order === 0 ? null : zoomAxis(from, to, 1);
  if (between === null) {
    return { from, low: nearest, high: nearest, share: new Float64Array(to), nearest };
  }
  const low = between.base.map((base) => base - MARGIN + 1);
  const high = low.map((index) => Math.min(index + 1, from - 1));
  const share = Float64Array.from({ length: to }, (_, i) => between.weights[4 * i + 2]!);
  return { from, low, high, share, nearest };
}
