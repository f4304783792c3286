import type { Triple } from './predictor.ts';

/** How overlapping windows are blended. */
export interface BlendOptions {
  /** `gaussian` gives a window's centre more weight than its rim; `constant` weighs all alike. */
  readonly blend: 'gaussian' | 'constant';
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
 * `compute_importance_map`, in its float32 arithmetic).
 */
export function importanceMap(roi: Triple, options: BlendOptions): Float32Array {
  const [na, nb, nc] = roi;
  const map = new Float32Array(na * nb * nc);
  if (options.blend === 'constant') return map.fill(1);
  const scale = options.sigmaScale;
  const [ga, gb, gc] = roi.map((n, axis) =>
    gaussian(n, n * (typeof scale === 'number' ? scale : scale[axis]!)),
  ) as [Float32Array, Float32Array, Float32Array];
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
