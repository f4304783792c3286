import { HecktorError } from '@hecktor/errors';
import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import type { ByteReader } from '../byte-reader.ts';
import type { ReadContext } from '../open-file.ts';

/** The fields of a NIfTI header that say where the voxels are and what they mean. */
export type NiftiHeader = Readonly<Awaited<ReturnType<typeof readNiftiHeader>>>;

/**
 * Reads a NIfTI-1 or NIfTI-2 header in either byte order, leaving the reader right behind it.
 *
 * nifti-reader-js parses the fields. It is given the bare header alone: its walk over header
 * extensions does not end for a negative extension size. The sform rows are read here, since it
 * keeps only the one of qform and sform that its own rule prefers.
 */
export async function readNiftiHeader(reader: ByteReader, { path, errors }: ReadContext) {
  const bytes = new Uint8Array(540);
  const readOn = async (from: number, to: number): Promise<void> => {
    if ((await reader.read(bytes.subarray(from, to))) === to - from) return;
    throw errors.truncated('the NIfTI header is incomplete');
  };
  await readOn(0, 348);
  const view = new DataView(bytes.buffer);
  const littleEndian = [348, 540].includes(view.getInt32(0, true));
  const version = view.getInt32(0, littleEndian) === 540 ? 2 : 1;
  const length = version === 2 ? 540 : 348;
  if (version === 2) await readOn(348, 540);
  assertMagic(Buffer.from(bytes.buffer, version === 2 ? 4 : 344, 4).toString('latin1'), path);

  const fields = version === 2 ? new NIFTI2() : new NIFTI1();
  fields.readHeader(bytes.buffer.slice(0, length));
  const number = (i: number) =>
    version === 2
      ? view.getFloat64(400 + 8 * i, littleEndian)
      : view.getFloat32(280 + 4 * i, littleEndian);
  return {
    version,
    littleEndian,
    /** Bytes of the header itself, without the extension flag. */
    length,
    /** `dim[0..7]`; `dim[0]` is the number of dimensions. */
    dims: fields.dims as readonly number[],
    datatype: fields.datatypeCode,
    bitsPerVoxel: fields.numBitsPerVoxel,
    intentCode: fields.intent_code,
    /** `pixdim[0..7]`; the sign of `pixdim[0]` is the handedness of the qform. */
    pixdim: fields.pixDims as readonly number[],
    voxOffset: fields.vox_offset,
    slope: fields.scl_slope,
    intercept: fields.scl_inter,
    units: fields.xyzt_units,
    qformCode: fields.qform_code,
    sformCode: fields.sform_code,
    quaternion: [fields.quatern_b, fields.quatern_c, fields.quatern_d] as const,
    qoffset: [fields.qoffset_x, fields.qoffset_y, fields.qoffset_z] as const,
    /** `srow_x`, `srow_y`, `srow_z`: twelve numbers, row by row. */
    srows: Array.from({ length: 12 }, (_, i) => number(i)),
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
