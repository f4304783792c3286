/**
 * The four cubic B-spline weights at a continuous index and the first voxel they belong to, in
 * ITK's order of operations: the support starts at floor(float32(index)) - 1.
 */
export function splineSupport(index: number): number {
  return Math.floor(Math.fround(index)) - 1;
}

/** Writes the cubic B-spline weights of the support's four voxels to `out[at ... at + 3]`. */
export function splineWeights(index: number, support: number, out: Float64Array, at: number): void {
  const w = index - (support + 1);
  const d = (1 / 6) * w * w * w;
  const a = 1 / 6 + 0.5 * w * (w - 1) - d;
  const c = w + a - 2 * d;
  out[at] = a;
  out[at + 1] = 1 - a - c - d;
  out[at + 2] = c;
  out[at + 3] = d;
}

/** First of the four voxels of linear interpolation, of which the middle two count. */
export function linearSupport(index: number, length: number): number {
  return Math.floor(clampIndex(index, length)) - 1;
}

/** Writes weights like {@link splineWeights}; beyond the outer voxel centres the border value holds. */
export function linearWeights(
  index: number,
  length: number,
  support: number,
  out: Float64Array,
  at: number,
): void {
  const w = clampIndex(index, length) - (support + 1);
  out[at] = 0;
  out[at + 1] = 1 - w;
  out[at + 2] = w;
  out[at + 3] = 0;
}

function clampIndex(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

/**
 * The nearest integer, halves up, computed as ITK does on x86-64: half of the even-rounded
 * `2 x + 0.5`, rounded down.
 */
export function roundHalfUp(x: number): number {
  return Math.floor(roundHalfEven(2 * x + 0.5) / 2);
}

/** The nearest integer, halves to the even one, as Python and NumPy round. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
