import { linearSupport, linearWeights, splineWeights } from '../kernels/weights.ts';
import { prefilterInPlace } from '../kernels/prefilter.ts';

/** Order of the spline that interpolates: nearest neighbour, linear or cubic. */
export type SplineOrder = 0 | 1 | 3;

/**
 * How an axis of `from` samples becomes one of `to`, as `scipy.ndimage.zoom` does it with mode
 * "nearest" and grid_mode: the outer voxel edges stay, beyond them the outer samples go on.
 */
export interface AxisZoom {
  readonly from: number;
  readonly to: number;
  /** How often the outer samples are repeated at either end. */
  readonly margin: number;
  /** First of the four samples that make up each position, counted from the start of the margin. */
  readonly base: Int32Array;
  /** Four weights for each position. */
  readonly weights: Float64Array;
  readonly prefilter: boolean;
}

/** Tabulates the samples and weights of an axis; null when its length stays and so do its samples. */
export function zoomAxis(from: number, to: number, order: SplineOrder): AxisZoom | null {
  if (from === to) return null;
  // As SciPy: with 12 samples repeated what lies beyond them counts less than 1e-13.
  const margin = order === 3 ? 12 : 2;
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
    base[i] = first + margin;
  }
  return { from, to, margin, base, weights, prefilter: order === 3 };
}

/**
 * Zooms `width` lines that lie side by side: sample k of line i is `lines[(margin + k) * width + i]`,
 * position k of the result `out[k * width + i]`. The samples and their margins are overwritten.
 */
export function zoomLines(
  lines: Float64Array,
  width: number,
  { from, to, margin, base, weights, prefilter }: AxisZoom,
  out: Float64Array,
): void {
  const [first, last] = [margin * width, (margin + from - 1) * width];
  for (let k = 0; k < margin; k++) {
    lines.copyWithin(k * width, first, first + width);
    lines.copyWithin(last + (k + 1) * width, last, last + width);
  }
  const count = from + 2 * margin;
  const layout = { offset: 0, stride: width, lines: width };
  if (prefilter) prefilterInPlace(lines, layout, { length: count + 2, from: 1, to: count + 1 });
  for (let k = 0; k < to; k++) {
    const a = base[k]! * width;
    const [b, c, d] = [a + width, a + 2 * width, a + 3 * width];
    const at = k * width;
    const wa = weights[4 * k]!;
    const wb = weights[4 * k + 1]!;
    const wc = weights[4 * k + 2]!;
    const wd = weights[4 * k + 3]!;
    for (let i = 0; i < width; i++) {
      out[at + i] =
        wa * lines[a + i]! + wb * lines[b + i]! + wc * lines[c + i]! + wd * lines[d + i]!;
    }
  }
}
