import { perAxis, type Region, type Vec3 } from '@hecktor/volume';
import type { ImageReader } from './prepare.ts';
import { around, partOf } from './region.ts';

/** Deviations beyond which a voxel has no influence: the slower exponential falls to 1e-13. */
const REACH = 22;

/**
 * The Laplacian of Gaussian inside a box as ITK's LaplacianRecursiveGaussianImageFilter gives it,
 * normalised across scale; undefined where PyRadiomics leaves it out, for fewer than four voxels
 * or fewer than the deviation needs.
 *
 * @param sigma - Deviation, mm.
 */
export function laplacianOfGaussian(
  image: ImageReader,
  box: Region,
  sigma: number,
): Float64Array | undefined {
  const { extent, grid, type } = image;
  const { spacing } = grid;
  const fits = ([0, 1, 2] as const).every(
    (a) => extent.size[a] >= Math.max(4, Math.ceil(sigma / spacing[a]) + 1),
  );
  if (!fits) return undefined;
  // Near a border ITK's filters need four voxels to begin with; the margin has more.
  const margin = perAxis((a) => Math.ceil((REACH * sigma) / spacing[a]) + 4);
  const seen = around(box, extent, margin);
  const source = image.read(seen);
  const Values = type === 'float64' ? Float64Array : Float32Array;
  const sum = new Values(source.length);
  for (const axis of [0, 1, 2] as const) {
    // Images between the filters are float32, as in ITK, for all but float64 images.
    let part: Float64Array | Float32Array = source;
    for (const other of [axis, ...[0, 1, 2].filter((a) => a !== axis)] as (0 | 1 | 2)[]) {
      const filter = recursiveFilter(sigma, spacing[other], other === axis ? 2 : 0);
      part = filterLines(part, seen.size, other, filter, new Values(source.length));
    }
    const scale = 1 / spacing[axis] ** 2;
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + part[i]! * scale;
  }
  if (type === 'float64') sum.forEach((value, i) => (sum[i] = Math.fround(value)));
  return partOf({ ...seen, data: sum }, box);
}

/** Coefficients of the causal, anticausal and common part of a recursive filter. */
interface RecursiveFilter {
  readonly n: readonly number[];
  readonly m: readonly number[];
  readonly d: readonly number[];
}

/** Deriche's exponentials, "Recursively implementing the Gaussian and its derivatives" (1993). */
const [W1, L1, W2, L2] = [0.6681, -1.3932, 2.0787, -1.3732] as const;
const SERIES = {
  0: [1.353, 1.8151, -0.3531, 0.0902],
  2: [-1.3563, 5.2318, 0.3446, -2.2355],
} as const;

/** The Gaussian, or its second derivative times sigma squared, for voxels of a spacing in mm. */
function recursiveFilter(sigma: number, spacing: number, order: 0 | 2): RecursiveFilter {
  const s = sigma / spacing;
  const [c1, c2] = [Math.cos(W1 / s), Math.cos(W2 / s)];
  const [e1, e2] = [Math.exp(L1 / s), Math.exp(L2 / s)];
  const d = [
    -2 * (e2 * c2 + e1 * c1),
    4 * c2 * c1 * e1 * e2 + e1 * e1 + e2 * e2,
    -2 * c1 * e1 * e2 * e2 - 2 * c2 * e2 * e1 * e1,
    e1 * e1 * e2 * e2,
  ];
  const gauss = numerator(s, SERIES[0]);
  const [sd, dd, ed] = [moment([1, ...d], 0), moment([1, ...d], 1), moment([1, ...d], 2)];
  let n: number[];
  if (order === 0) {
    const alpha = (2 * moment(gauss, 0)) / sd - gauss[0]!;
    n = gauss.map((value) => value / alpha);
  } else {
    const second = numerator(s, SERIES[2]);
    const beta =
      -(2 * moment(second, 0) - sd * second[0]!) / (2 * moment(gauss, 0) - sd * gauss[0]!);
    const both = second.map((value, i) => value + beta * gauss[i]!);
    const [sn, dn, en] = [moment(both, 0), moment(both, 1), moment(both, 2)];
    const alpha = (en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn) / sd ** 3;
    n = both.map((value) => (value * sigma ** 2) / alpha);
  }
  const m = d.map((value, i) => (n[i + 1] ?? 0) - value * n[0]!);
  return { n, m, d };
}

function numerator(s: number, [a1, b1, a2, b2]: readonly number[]): number[] {
  const [s1, s2, c1, c2] = [Math.sin(W1 / s), Math.sin(W2 / s), Math.cos(W1 / s), Math.cos(W2 / s)];
  const [e1, e2] = [Math.exp(L1 / s), Math.exp(L2 / s)];
  return [
    a1! + a2!,
    e2 * (b2! * s2 - (a2! + 2 * a1!) * c2) + e1 * (b1! * s1 - (a1! + 2 * a2!) * c1),
    2 * e1 * e2 * ((a1! + a2!) * c2 * c1 - b1! * c2 * s1 - b2! * c1 * s2) +
      a2! * e1 * e1 +
      a1! * e2 * e2,
    e2 * e1 * e1 * (b2! * s2 - a2! * c2) + e1 * e2 * e2 * (b1! * s1 - a1! * c1),
  ];
}

/** The sum of k^power times coefficient k. */
function moment(coefficients: readonly number[], power: number): number {
  return coefficients.reduce((sum, value, k) => sum + k ** power * value, 0);
}

function filterLines<T extends Float32Array | Float64Array>(
  data: Float32Array | Float64Array,
  size: Vec3,
  axis: 0 | 1 | 2,
  filter: RecursiveFilter,
  out: T,
): T {
  const stride = [1, size[0], size[0] * size[1]][axis]!;
  const count = size[axis];
  const [line, there, back] = [0, 1, 2].map(() => new Float64Array(count)) as [
    ...[Float64Array, Float64Array, Float64Array],
  ];
  for (let first = 0; first < data.length; first++) {
    if (Math.floor(first / stride) % count !== 0) continue;
    for (let i = 0; i < count; i++) line[i] = data[first + i * stride]!;
    causal(line, filter.n, 0, filter.d, there);
    line.reverse();
    causal(line, filter.m, 1, filter.d, back);
    for (let i = 0; i < count; i++) out[first + i * stride] = there[i]! + back[count - 1 - i]!;
  }
  return out;
}

/** One pass over a line; the first value is that of all before it. */
function causal(
  line: Float64Array,
  weights: readonly number[],
  delay: number,
  [d1, d2, d3, d4]: readonly number[],
  out: Float64Array,
): void {
  const [w0, w1, w2, w3] = weights as [number, number, number, number];
  const border = line[0]!;
  const steady = (border * (w0 + w1 + w2 + w3)) / (1 + d1! + d2! + d3! + d4!);
  const at = (i: number): number => line[Math.max(i - delay, 0)]!;
  let [o1, o2, o3, o4] = [steady, steady, steady, steady];
  let [i1, i2, i3] = [border, border, border];
  for (let i = 0; i < line.length; i++) {
    const i0 = at(i);
    const value =
      i0 * w0 + i1 * w1 + i2 * w2 + i3 * w3 - (o1 * d1! + o2 * d2! + o3 * d3! + o4 * d4!);
    out[i] = value;
    [o4, o3, o2, o1] = [o3, o2, o1, value];
    [i3, i2, i1] = [i2, i1, i0];
  }
}
