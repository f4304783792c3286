import { linearSupport, linearWeights, splineWeights } from '../kernels/weights.ts';

/** Order of the spline that interpolates: nearest neighbour, linear or cubic. */
export type SplineOrder = 0 | 1 | 3;

/** How often the outer samples are repeated at either end: as far as interpolation reaches. */
export const MARGIN = 2;

/** The gain of the filter that makes coefficients of a cubic B-spline. */
const GAIN = 6;

/**
 * How an axis of `from` samples becomes one of `to`, as `scipy.ndimage.zoom` does it with mode
 * "nearest" and grid_mode: the outer voxel edges stay, beyond them the outer samples go on.
 */
export interface AxisZoom {
  readonly from: number;
  readonly to: number;
  /** First of the four samples that make up each position, counted from the start of the margin. */
  readonly base: Int32Array;
  /** Four weights for each position. */
  readonly weights: Float64Array;
  readonly prefilter: boolean;
}

/** Tabulates the samples and weights of an axis; null when its length stays and so do its samples. */
export function zoomAxis(from: number, to: number, order: SplineOrder): AxisZoom | null {
  if (from === to) return null;
  const base = new Int32Array(to);
  const weights = new Float64Array(4 * to);
  const scale = from / to;
  for (let i = 0; i < to; i++) {
    const index = (i + 0.5) * scale - 0.5;
    let first = Math.floor(index) - 1;
    if (order === 3) splineWeights(index, first, weights, 4 * i);
    else if (order === 1) {
      first = linearSupport(index, from);
      linearWeights(index, from, first, weights, 4 * i);
    } else {
      first = Math.floor(Math.min(Math.max(index, 0), from - 1) + 0.5) - 1;
      weights[4 * i + 1] = 1;
    }
    base[i] = first + MARGIN;
  }
  const prefilter = order === 3;
  return { from, to, base, weights: prefilter ? weights.map((w) => GAIN * w) : weights, prefilter };
}
