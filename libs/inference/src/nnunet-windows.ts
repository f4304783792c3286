import { halfRounding } from './half.ts';
import type { Triple } from './predictor.ts';

/**
 * Where windows start along one axis in nnU-Net (`compute_steps_for_sliding_window`): as few as the
 * overlap allows, evenly spread and rounded half to even.
 */
export function evenStarts(length: number, roi: number, overlap: number): number[] {
  const last = length - roi;
  if (last <= 0) return [0];
  const steps = Math.ceil(last / (roi * (1 - overlap)));
  return Array.from({ length: steps + 1 }, (_, i) => roundHalfToEven((last / steps) * i));
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** The largest weight; float16 sums of logits of some hundreds then stay below 65504. */
const LARGEST = 10;

/**
 * The weight of each voxel of a window in nnU-Net (`compute_gaussian`), row-major: SciPy's Gaussian
 * around the voxel `n // 2`, its maximum 10, rounded to float16; zeros become the least weight.
 */
export function nnunetWeights(roi: Triple, sigmaScale: Triple): Float32Array {
  const [lineA, lineB, lineC] = roi.map((n, axis) => gaussianLine(n, n * sigmaScale[axis]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const map = new Float32Array(roi[0] * roi[1] * roi[2]);
  let at = 0;
  for (const a of lineA)
    for (const b of lineB) for (const c of lineC) map[at++] = LARGEST * a * b * c;
  halfRounding(map)(0, map.length);
  const least = map.reduce((low, weight) => (weight > 0 && weight < low ? weight : low), LARGEST);
  return map.map((weight) => (weight === 0 ? least : weight));
}

/** SciPy cuts the Gaussian off at four standard deviations. */
function gaussianLine(length: number, sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  return Float64Array.from({ length }, (_, i) => {
    const x = i - Math.floor(length / 2);
    return Math.abs(x) > radius ? 0 : Math.exp((-0.5 * x * x) / sigma ** 2);
  });
}
