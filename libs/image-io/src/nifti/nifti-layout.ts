import { HecktorError } from '@hecktor/errors';
import type { ScalarType, Vec3 } from '@hecktor/volume';
import { bytesPerVoxel } from '../voxel-buffer.ts';
import type { NiftiHeader } from './nifti-header.ts';

/** NIfTI `datatype` codes of scalar types. */
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

/** The scalar type and the size in voxels that a header stands for. */
export interface NiftiLayout {
  readonly type: ScalarType;
  readonly size: Vec3;
}

/**
 * Checks the dimensions, type and data offset of a NIfTI header. Dimensions of length 1 after the
 * third are dropped, as ITK does; a 2-D image becomes one slice.
 *
 * @throws HecktorError IMAGE_HEADER_INVALID or IMAGE_UNSUPPORTED.
 */
export function checkNiftiLayout(header: NiftiHeader, file: string): NiftiLayout {
  const invalid = (detail: string) => new HecktorError('IMAGE_HEADER_INVALID', { file, detail });
  const unsupported = (detail: string) => new HecktorError('IMAGE_UNSUPPORTED', { file, detail });

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
