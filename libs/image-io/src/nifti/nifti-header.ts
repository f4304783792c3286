import { HecktorError } from '@hecktor/errors';
import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import type { ByteReader } from '../byte-reader.ts';
import type { ReadContext } from '../open-file.ts';

/** The fields of a NIfTI header that say where the voxels are and what they mean. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** `dim[0..7]`; `dim[0]` is the number of dimensions. */
  readonly dims: readonly number[];
  readonly datatype: number;
  readonly bitsPerVoxel: number;
  readonly intentCode: number;
  /** `pixdim[0..7]`; the sign of `pixdim[0]` is the handedness of the qform. */
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: readonly [b: number, c: number, d: number];
  readonly qoffset: readonly [x: number, y: number, z: number];
  /** `srow_x`, `srow_y`, `srow_z`: twelve numbers, row by row. */
  readonly srows: readonly number[];
  /** Bytes of the header itself, without the extension flag. */
  readonly length: 348 | 540;
}

/**
 * Reads a NIfTI-1 or NIfTI-2 header in either byte order, leaving the reader right behind it.
 *
 * nifti-reader-js parses the fields. It is given the bare header alone: its walk over header
 * extensions does not end for a negative extension size. The sform rows are read here, since it
 * keeps only the one of qform and sform that its own rule prefers.
 *
 * @throws HecktorError IMAGE_TRUNCATED, IMAGE_HEADER_INVALID, or IMAGE_UNSUPPORTED for ANALYZE and
 * for .hdr/.img pairs.
 */
export async function readNiftiHeader(
  reader: ByteReader,
  { path, errors }: ReadContext,
): Promise<NiftiHeader> {
  const bytes = new Uint8Array(540);
  const readOn = async (from: number, to: number): Promise<void> => {
    if ((await reader.read(bytes.subarray(from, to))) === to - from) return;
    throw errors.truncated('the NIfTI header is incomplete');
  };
  await readOn(0, 348);
  const view = new DataView(bytes.buffer);
  const littleEndian = [348, 540].includes(view.getInt32(0, true));
  const length = view.getInt32(0, littleEndian) === 540 ? 540 : 348;
  if (length === 540) await readOn(348, 540);
  const magic = Buffer.from(bytes.buffer)
    .toString('latin1', length === 540 ? 4 : 344)
    .slice(0, 4);
  assertMagic(magic, path);

  const parsed = length === 540 ? new NIFTI2() : new NIFTI1();
  parsed.readHeader(bytes.buffer.slice(0, length));
  const srows = Array.from({ length: 12 }, (_, i) =>
    length === 540
      ? view.getFloat64(400 + 8 * i, littleEndian)
      : view.getFloat32(280 + 4 * i, littleEndian),
  );
  return {
    version: length === 540 ? 2 : 1,
    littleEndian,
    dims: parsed.dims,
    datatype: parsed.datatypeCode,
    bitsPerVoxel: parsed.numBitsPerVoxel,
    intentCode: parsed.intent_code,
    pixdim: parsed.pixDims,
    voxOffset: parsed.vox_offset,
    slope: parsed.scl_slope,
    intercept: parsed.scl_inter,
    units: parsed.xyzt_units,
    qformCode: parsed.qform_code,
    sformCode: parsed.sform_code,
    quaternion: [parsed.quatern_b, parsed.quatern_c, parsed.quatern_d],
    qoffset: [parsed.qoffset_x, parsed.qoffset_y, parsed.qoffset_z],
    srows,
    length,
  };
}

function assertMagic(magic: string, file: string): void {
  if (magic.startsWith('n+')) return;
  if (magic.startsWith('ni')) {
    throw new HecktorError('IMAGE_UNSUPPORTED', {
      file,
      detail: 'it is the header of a NIfTI .hdr/.img pair',
      cause: 'the image was saved as two files',
      fix: 'convert it to one .nii.gz file',
    });
  }
  throw new HecktorError('IMAGE_UNSUPPORTED', {
    file,
    detail: 'it has an ANALYZE 7.5 header, which does not say left from right',
    cause: 'the image was saved by an old program, or its NIfTI mark was damaged',
    fix: 'convert the original image to .nii.gz or .mha',
  });
}
