import type { ScalarType, Vec3, VoxelArray } from '@hecktor/volume';
import type { ImageErrors } from '../open-file.ts';
import { bytesPerVoxel } from '../voxels.ts';
import type { NiftiHeader } from './nifti-header.ts';

export const NIFTI_TYPES: Readonly<Record<ScalarType, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
};

/** Codes that are valid NIfTI but not one scalar of a supported size. */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: 'single bits',
  32: 'complex numbers',
  128: 'RGB colours',
  1536: '128-bit floats',
  1792: 'complex numbers',
  2048: 'complex numbers',
  2304: 'RGBA colours',
};

/** Intent codes under which the fifth dimension holds the components of a vector or matrix. */
const VECTOR_INTENTS = [1004, 1005, 1006, 1007];

/**
 * The scalar type and the size in voxels that a header stands for, checked. Dimensions of length 1 after the
 * third are dropped, as ITK does; a 2-D image becomes one slice.
 */
export function checkNiftiLayout(
  header: NiftiHeader,
  { invalid, unsupported }: ImageErrors,
): { readonly type: ScalarType; readonly size: Vec3 } {
  const nDims = header.dims[0] ?? 0;
  if (nDims < 1 || nDims > 7) throw invalid(`dim[0] is ${nDims}, expected 1 to 7`);
  const dims = header.dims.slice(1, nDims + 1);
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw invalid(`dim is ${dims.join(' x ')}, expected whole numbers >= 1`);
  }
  const other = OTHER_TYPES[header.datatype];
  if (other !== undefined) throw unsupported(`its voxels are ${other}`);
  const type = (Object.keys(NIFTI_TYPES) as ScalarType[]).find(
    (name) => NIFTI_TYPES[name] === header.datatype,
  );
  if (type === undefined) throw invalid(`datatype is ${header.datatype}`);
  const bits = header.bitsPerVoxel;
  if (bits !== 0 && bits !== 8 * bytesPerVoxel(type)) {
    throw invalid(`bitpix is ${bits}, but datatype ${header.datatype} is ${type}`);
  }
  if (VECTOR_INTENTS.includes(header.intentCode) && (dims[4] ?? 1) > 1) {
    throw unsupported(`each voxel has ${dims[4]} components`);
  }
  if (nDims === 1 || dims.slice(3).some((n) => n !== 1)) {
    throw unsupported(`it has ${nDims} dimensions (${dims.join(' x ')})`);
  }
  if (!Number.isFinite(header.voxOffset) || header.voxOffset < header.length + 4) {
    throw invalid(`vox_offset is ${header.voxOffset}, expected at least ${header.length + 4}`);
  }
  return { type, size: [dims[0]!, dims[1]!, dims[2] ?? 1] };
}

/** Voxel value = stored value * slope + intercept. */
export type Scaling = Readonly<Record<'slope' | 'intercept', number>>;

/** Smaller differences from "no scaling" are ignored, as in ITK. */
const EPSILON = 2 ** -52;

/**
 * The scaling of a NIfTI header, or `undefined` when there is none, by ITK's rule: a slope that is
 * zero or not finite counts as one, an intercept that is not finite as zero; if that leaves the
 * identity, the stored values are the values.
 */
export function scalingOf(header: Scaling): Scaling | undefined {
  const given = Number.isFinite(header.slope) ? header.slope : 0;
  const slope = Math.abs(given) < EPSILON ? 1 : given;
  const intercept = Number.isFinite(header.intercept) ? header.intercept : 0;
  const identity = Math.abs(slope - 1) <= EPSILON && Math.abs(intercept) <= EPSILON;
  return identity ? undefined : { slope, intercept };
}

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
