import type { VoxelArray } from '@hecktor/volume';
import type { NiftiHeader } from './nifti-header.ts';

/** Voxel value = stored value * slope + intercept. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

/** Smaller differences from "no scaling" are ignored, as in ITK. */
const EPSILON = 2 ** -52;

/**
 * The scaling of a NIfTI header, or `undefined` when there is none, by ITK's rule: a slope that is
 * zero or not finite counts as one, an intercept that is not finite as zero; if that leaves the
 * identity, the stored values are the values.
 */
export function scalingOf(header: Pick<NiftiHeader, 'slope' | 'intercept'>): Scaling | undefined {
  const given = Number.isFinite(header.slope) ? header.slope : 0;
  const slope = Math.abs(given) < EPSILON ? 1 : given;
  const intercept = Number.isFinite(header.intercept) ? header.intercept : 0;
  const identity = Math.abs(slope - 1) <= EPSILON && Math.abs(intercept) <= EPSILON;
  return identity ? undefined : { slope, intercept };
}

/** Scales floats in place, in double precision. */
export function scaleInPlace(data: Float32Array | Float64Array, scaling: Scaling): void {
  const { slope, intercept } = scaling;
  for (let i = 0; i < data.length; i++) data[i] = data[i]! * slope + intercept;
}

/**
 * Scales integers into float32 from `first` on. As in ITK the integer is rounded to float32 before
 * it is scaled in double precision, which shows for 32- and 64-bit integers.
 */
export function scaleInto(
  target: Float32Array,
  first: number,
  block: VoxelArray,
  scaling: Scaling,
): void {
  const { slope, intercept } = scaling;
  if (block instanceof BigInt64Array || block instanceof BigUint64Array) {
    for (let i = 0; i < block.length; i++) {
      target[first + i] = bigToFloat32(block[i]!) * slope + intercept;
    }
    return;
  }
  for (let i = 0; i < block.length; i++) {
    target[first + i] = Math.fround(block[i]!) * slope + intercept;
  }
}

const EXACT = 2n ** 53n;

/** The nearest float32 of a 64-bit integer, rounded once: to odd first, so that ties stay exact. */
function bigToFloat32(value: bigint): number {
  if (value > -EXACT && value < EXACT) return Math.fround(Number(value));
  const sticky = (value & 0xfffn) === 0n ? 0n : 1n;
  return Math.fround(Number((value >> 12n) | sticky)) * 4096;
}
