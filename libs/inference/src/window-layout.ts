import { evenStarts, nnunetWeights } from './nnunet-windows.ts';
import type { Triple } from './predictor.ts';

/** Where windows start: as in MONAI, or evenly spread as in nnU-Net. */
export type Tiling = 'monai' | 'nnunet';

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
export function layOutWindows(
  size: Triple,
  roi: Triple,
  overlap: Triple,
  tiling: Tiling = 'monai',
): WindowLayout {
  const startsOf = tiling === 'nnunet' ? evenStarts : windowStarts;
  const starts = size.map((length, axis) => {
    const missing = Math.max(0, roi[axis]! - length);
    if (missing > 0) return [-Math.floor(missing / 2)];
    return startsOf(length, roi[axis]!, overlap[axis]!);
  });
  return { size, roi, starts, positions: windowPositions(starts) };
}

/** The part of a window inside the image along one axis: window indices `from` to `to - 1`. */
export function insideOf(start: number, roi: number, length: number): { from: number; to: number } {
  return { from: Math.max(0, -start), to: Math.min(roi, length - start) };
}

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
function windowPositions(starts: readonly (readonly number[])[]): Triple[] {
  const [first = [], second = [], third = []] = starts;
  return first.flatMap((a) => second.flatMap((b) => third.map((c): Triple => [a, b, c])));
}

/** How overlapping windows are blended. */
export interface BlendOptions {
  /**
   * `gaussian` gives a window's centre more weight than its rim; `constant` weighs all alike;
   * `nnunet` is the Gaussian of nnU-Net.
   */
  readonly blend: 'gaussian' | 'constant' | 'nnunet';
  /** Standard deviation of the Gaussian as a fraction of the window, per axis or for all. */
  readonly sigmaScale: number | Triple;
}

/** Smallest weight, so that a voxel seen only by a window's corner is not divided by almost 0. */
const SMALLEST_WEIGHT = 1e-3;

/** `exp(-x² / 2σ²)` over a window, x from `-(n-1)/2`, each operation rounded to float32. */
function gaussian(length: number, sigma: number): Float32Array {
  const divisor = Math.fround(-2 * sigma ** 2);
  return Float32Array.from({ length }, (_, i) => {
    const x = i - (length - 1) / 2;
    return Math.exp(Math.fround((x * x) / divisor));
  });
}

/**
 * The weight of each voxel of a window, row-major, not normalised: a product of three 1-D
 * Gaussians, clamped from below at the larger of its minimum and 1e-3 (MONAI's
 * `compute_importance_map`, in its float32 arithmetic). For `nnunet` see {@link nnunetWeights}.
 */
export function importanceMap(roi: Triple, options: BlendOptions): Float32Array {
  const [na, nb, nc] = roi;
  const map = new Float32Array(na * nb * nc);
  if (options.blend === 'constant') return map.fill(1);
  const scale = triple(options.sigmaScale);
  if (options.blend === 'nnunet') return nnunetWeights(roi, scale);
  const [ga, gb, gc] = roi.map((n, axis) => gaussian(n, n * scale[axis]!)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  let at = 0;
  for (let a = 0; a < na; a++) {
    for (let b = 0; b < nb; b++) {
      const ab = Math.fround(ga[a]! * gb[b]!);
      for (let c = 0; c < nc; c++) {
        const weight = ab * gc[c]!;
        map[at++] = weight < SMALLEST_WEIGHT ? SMALLEST_WEIGHT : weight;
      }
    }
  }
  return map;
}

/** One value for all axes, or one per axis, as one per axis. */
export function triple(value: number | Triple): Triple {
  return typeof value === 'number' ? [value, value, value] : value;
}
