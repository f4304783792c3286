import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { HecktorError, type ErrorCode } from '@hecktor/errors';
import { describe, expect, it } from '@jest/globals';
import { metaImage, nifti } from './fixtures/image-files.ts';
import { useFolder, withoutRights } from '@hecktor/testing';
import { readVolume } from './index.ts';

const zeros = (n: number) => new Uint8Array(n);
const packed = deflateSync(zeros(48));
const zipped = (fields: Record<string, string | undefined> = {}, data: Uint8Array = packed) =>
  metaImage({ CompressedData: 'True', CompressedDataSize: String(packed.length), ...fields }, data);
/** A copy with one byte, counted from the end, changed. */
const spoil = (content: Uint8Array, at: number) => {
  const copy = Buffer.from(content);
  copy[copy.length + at]! ^= 0xff;
  return copy;
};
const float = (at: number, value: number) => (h: DataView) => h.setFloat32(at, value, true);
const short = (at: number, value: number) => (h: DataView) => h.setInt16(at, value, true);
const dims =
  (...values: number[]) =>
  (h: DataView) =>
    values.forEach((value, i) => h.setInt16(40 + 2 * i, value, true));
const preamble = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM\x02\x00\x00\x00UL\x04\x00')]);
const noPreamble = Buffer.from(
  '\x08\x00\x05\x00CS\x0a\x00ISO_IR 100\x08\x00\x08\x00CS\x06\x00AXIAL ',
  'latin1',
);
const implicitDicom = Buffer.from(
  '\x08\x00\x05\x00\x0a\x00\x00\x00ISO_IR 100\x08\x00\x08\x00\x06\x00\x00\x00AXIAL ',
  'latin1',
);

const bytesOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? Buffer.from(content, 'latin1') : content;

type Case = readonly [
  what: string,
  name: string,
  content: string | Uint8Array,
  code: ErrorCode,
  detail: RegExp,
];

// prettier-ignore
const CASES: readonly Case[] = [
  ['an empty file', 'a.mha', '', 'IMAGE_EMPTY_FILE', /^$/],
  ['a Git LFS pointer', 'a.nii.gz', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'IMAGE_LFS_POINTER', /^$/],
  ['a web page', 'a.mha', '\n<!DOCTYPE html><html><body>Sign in</body></html>', 'IMAGE_HTML_PAGE', /^$/],
  ['a web page without doctype', 'a.nii', '<html lang="en">', 'IMAGE_HTML_PAGE', /^$/],
  ['a web page after a byte order mark', 'a.tif', '\xef\xbb\xbf<html>', 'IMAGE_HTML_PAGE', /^$/],
  ['DICOM', 'a.mha', preamble, 'IMAGE_IS_DICOM', /^$/],
  ['DICOM without preamble', 'a.nii', noPreamble, 'IMAGE_IS_DICOM', /^$/],
  ['implicit DICOM without preamble', 'a.dcm', implicitDicom, 'IMAGE_IS_DICOM', /^$/],
  ['NRRD', 'a.nrrd', 'NRRD0004\ntype: short\n', 'IMAGE_UNSUPPORTED', /NRRD/],
  ['a PNG picture', 'a.mha', '\x89PNG\r\n\x1a\n', 'IMAGE_UNKNOWN_FORMAT', /PNG/],
  ['a NumPy array', 'a.nii', '\x93NUMPY\x01\x00', 'IMAGE_UNKNOWN_FORMAT', /NumPy/],
  ['random bytes', 'a.mha', '\x01\x02\x03\x04\x05', 'IMAGE_UNKNOWN_FORMAT', /neither MetaImage/],
  ['prose', 'a.mha', 'Dear colleague,\nthe image is late: sorry.\n', 'IMAGE_UNKNOWN_FORMAT', /neither/],
  ['gzip of something else', 'a.nii.gz', gzipSync('NRRD0004\n'), 'IMAGE_UNKNOWN_FORMAT', /gzip data with NRRD/],
  ['an XML answer of a server', 'a.nii.gz', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'IMAGE_UNKNOWN_FORMAT', /an XML document/],
  ['a git-annex pointer', 'a.nii.gz', '/annex/objects/SHA256E-s9--0.nii.gz\n', 'IMAGE_UNKNOWN_FORMAT', /git-annex pointer/],
  ['gzip of a Git LFS pointer', 'a.nii.gz', gzipSync('version https://git-lfs.github.com/spec/v1\n'), 'IMAGE_LFS_POINTER', /inside gzip data/],
  ['gzip of a web page', 'a.nii.gz', gzipSync('<html>Sign in</html>'), 'IMAGE_HTML_PAGE', /inside gzip data/],
  ['gzip of DICOM', 'a.nii.gz', gzipSync(preamble), 'IMAGE_IS_DICOM', /inside gzip data/],
  ['gzip that is cut off', 'a.nii.gz', gzipSync(nifti()).subarray(0, 60), 'IMAGE_TRUNCATED', /breaks off/],
  ['gzip with a wrong checksum', 'a.nii.gz', spoil(gzipSync(nifti()), -8), 'IMAGE_DATA_CORRUPT', /check/],

  ['a header without data', 'a.mha', metaImage({}, ''), 'IMAGE_TRUNCATED', /no data/],
  ['truncated voxels', 'a.mha', metaImage({}, zeros(47)), 'IMAGE_TRUNCATED', /expected 48 bytes/],
  ['far more voxels than DimSize', 'a.mha', metaImage({}, zeros(9000)), 'IMAGE_HEADER_INVALID', /more data than DimSize/],
  ['a truncated zlib stream', 'a.mha', zipped({ CompressedDataSize: undefined }, packed.subarray(0, -6)), 'IMAGE_TRUNCATED', /breaks off/],
  ['a damaged zlib stream', 'a.mha', zipped({}, Buffer.from(packed).fill(0xff, 2, 6)), 'IMAGE_DATA_CORRUPT', /./],
  ['a wrong zlib checksum', 'a.mha', zipped({}, spoil(packed, -4)), 'IMAGE_DATA_CORRUPT', /check/],
  ['data that is not zlib', 'a.mha', zipped({ CompressedDataSize: '48' }, zeros(48).fill(9)), 'IMAGE_DATA_CORRUPT', /header/],
  ['CompressedDataSize beyond the file', 'a.mha', zipped({ CompressedDataSize: '9999' }), 'IMAGE_TRUNCATED', /CompressedDataSize is 9999/],
  ['CompressedDataSize too small', 'a.mha', zipped({ CompressedDataSize: String(packed.length - 3) }), 'IMAGE_TRUNCATED', /CompressedDataSize/],
  ['CompressedDataSize with bytes to spare', 'a.mha', zipped({ CompressedDataSize: String(packed.length + 2) }, Buffer.concat([packed, zeros(2)])), 'IMAGE_HEADER_INVALID', /CompressedDataSize/],
  ['a negative CompressedDataSize', 'a.mha', zipped({ CompressedDataSize: '-5' }), 'IMAGE_HEADER_INVALID', /CompressedDataSize/],
  ['a decompression bomb', 'a.mha', zipped({ CompressedDataSize: undefined }, deflateSync(zeros(5_000_000))), 'IMAGE_HEADER_INVALID', /more data than DimSize/],
  ['sizes beyond what zlib can hold', 'a.mha', zipped({ DimSize: '512 512 900' }), 'IMAGE_TRUNCATED', /too short/],
  ['sizes beyond the file', 'a.mha', metaImage({ DimSize: '1000 1000 1000' }), 'IMAGE_TRUNCATED', /too short/],
  ['sizes beyond the limit', 'a.mha', metaImage({ DimSize: '30000 30000 30000' }), 'IMAGE_TOO_LARGE', /limit/],
  ['a negative size', 'a.mha', metaImage({ DimSize: '4 -3 2' }), 'IMAGE_HEADER_INVALID', /DimSize/],
  ['a zero size', 'a.mha', metaImage({ DimSize: '4 0 2' }), 'IMAGE_HEADER_INVALID', /DimSize/],
  ['a fractional size', 'a.mha', metaImage({ DimSize: '4 3.5 2' }), 'IMAGE_HEADER_INVALID', /DimSize/],
  ['too few sizes', 'a.mha', metaImage({ DimSize: '4 3' }), 'IMAGE_HEADER_INVALID', /2 values, expected 3/],
  ['a size in letters', 'a.mha', metaImage({ DimSize: '4 three 2' }), 'IMAGE_HEADER_INVALID', /not a number/],
  ['no DimSize', 'a.mha', metaImage({ DimSize: undefined }), 'IMAGE_HEADER_INVALID', /DimSize is missing/],
  ['no NDims', 'a.mha', metaImage({ NDims: undefined }), 'IMAGE_HEADER_INVALID', /NDims is missing/],
  ['an absurd NDims', 'a.mha', metaImage({ NDims: '4000' }), 'IMAGE_HEADER_INVALID', /NDims/],
  ['no ElementType', 'a.mha', metaImage({ ElementType: undefined }), 'IMAGE_HEADER_INVALID', /ElementType is missing/],
  ['an unknown ElementType', 'a.mha', metaImage({ ElementType: 'MET_HALF' }), 'IMAGE_UNSUPPORTED', /MET_HALF/],
  ['no ElementDataFile', 'a.mha', 'ObjectType = Image\nNDims = 3\nDimSize = 1 1 1\n', 'IMAGE_HEADER_INVALID', /ElementDataFile/],
  ['an empty ElementDataFile', 'a.mhd', metaImage({ ElementDataFile: ' ' }, ''), 'IMAGE_HEADER_INVALID', /empty/],
  ['a line that is no field', 'a.mha', metaImage({ 'Comment = x\nnonsense\nName': 'y' }), 'IMAGE_HEADER_INVALID', /Key = value/],
  ['NaN spacing', 'a.mha', metaImage({ ElementSpacing: 'nan 1 1' }), 'IMAGE_GEOMETRY_INVALID', /spacing/],
  ['infinite spacing', 'a.mha', metaImage({ ElementSpacing: '1 inf 1' }), 'IMAGE_GEOMETRY_INVALID', /spacing/],
  ['zero spacing', 'a.mha', metaImage({ ElementSpacing: '1 0 1' }), 'IMAGE_GEOMETRY_INVALID', /spacing/],
  ['negative spacing', 'a.mha', metaImage({ ElementSpacing: '1 -1 1' }), 'IMAGE_GEOMETRY_INVALID', /spacing/],
  ['a NaN origin', 'a.mha', metaImage({ Offset: '0 NaN 0' }), 'IMAGE_GEOMETRY_INVALID', /origin/],
  ['a skewed direction', 'a.mha', metaImage({ TransformMatrix: '1 0.2 0 0 1 0 0 0 1' }), 'IMAGE_GEOMETRY_INVALID', /orthonormal/],
  ['a zero direction', 'a.mha', metaImage({ TransformMatrix: '0 0 0 0 0 0 0 0 0' }), 'IMAGE_GEOMETRY_INVALID', /orthonormal/],
  ['several components', 'a.mha', metaImage({ ElementNumberOfChannels: '3' }), 'IMAGE_UNSUPPORTED', /3 components/],
  ['four dimensions', 'a.mha', metaImage({ NDims: '4', DimSize: '4 3 1 2', ElementSpacing: '1 1 1 1', Offset: '0 0 0 0', TransformMatrix: undefined }), 'IMAGE_UNSUPPORTED', /4 dimensions/],
  ['one dimension', 'a.mha', metaImage({ NDims: '1', DimSize: '24', ElementSpacing: '1', Offset: '0', TransformMatrix: undefined }), 'IMAGE_UNSUPPORTED', /1 dimensions/],
  ['voxels as text', 'a.mha', metaImage({ BinaryData: 'False' }), 'IMAGE_UNSUPPORTED', /text/],
  ['an intensity function', 'a.mha', metaImage({ ElementToIntensityFunctionSlope: '2' }), 'IMAGE_UNSUPPORTED', /ElementToIntensity/],
  ['centimetres', 'a.mha', metaImage({ DistanceUnits: 'cm' }), 'IMAGE_UNSUPPORTED', /cm/],
  ['a mesh', 'a.mha', metaImage({ ObjectType: 'Mesh' }), 'IMAGE_UNSUPPORTED', /Mesh/],
  ['a flag that is neither', 'a.mha', metaImage({ CompressedData: 'Maybe' }), 'IMAGE_HEADER_INVALID', /CompressedData/],
  ['a missing data file', 'a.mhd', metaImage({ ElementDataFile: 'gone.raw' }, ''), 'IMAGE_DATA_FILE_MISSING', /gone\.raw/],
  ['a list that is too short', 'a.mhd', metaImage({ ElementDataFile: 'LIST' }, 'one.raw\n'), 'IMAGE_HEADER_INVALID', /1 files, DimSize needs 2/],
  ['a pattern with two numbers', 'a.mhd', metaImage({ ElementDataFile: 's%d-%d.raw 1 2 1' }, ''), 'IMAGE_HEADER_INVALID', /pattern/],
  ['a pattern that asks for memory', 'a.mhd', metaImage({ ElementDataFile: 's%n.raw 1 2 1' }, ''), 'IMAGE_HEADER_INVALID', /pattern/],

  ['NIfTI: a header cut off', 'a.nii', nifti().subarray(0, 347), 'IMAGE_UNKNOWN_FORMAT', /./],
  ['NIfTI: a header without data', 'a.nii', nifti().subarray(0, 352), 'IMAGE_TRUNCATED', /48 bytes/],
  ['NIfTI: truncated voxels', 'a.nii', nifti(undefined, zeros(47)), 'IMAGE_TRUNCATED', /48 bytes/],
  ['NIfTI: truncated inside gzip', 'a.nii.gz', gzipSync(nifti(undefined, zeros(47))), 'IMAGE_TRUNCATED', /got 47/],
  ['NIfTI: sizes beyond the file', 'a.nii', nifti(dims(3, 512, 512, 900)), 'IMAGE_TRUNCATED', /too short/],
  ['NIfTI: sizes beyond what gzip can hold', 'a.nii.gz', gzipSync(nifti(dims(3, 512, 512, 900))), 'IMAGE_TRUNCATED', /too short/],
  ['NIfTI: sizes beyond the limit', 'a.nii', nifti(dims(3, 32767, 32767, 32767)), 'IMAGE_TOO_LARGE', /limit/],
  ['NIfTI: a negative size', 'a.nii', nifti(dims(3, 4, -3, 2)), 'IMAGE_HEADER_INVALID', /dim is/],
  ['NIfTI: no dimension', 'a.nii', nifti(dims(0)), 'IMAGE_HEADER_INVALID', /dim\[0\]/],
  ['NIfTI: four dimensions', 'a.nii', nifti(dims(4, 4, 3, 1, 2)), 'IMAGE_UNSUPPORTED', /4 dimensions/],
  ['NIfTI: several components', 'a.nii', nifti((h) => { dims(5, 4, 3, 1, 1, 2)(h); short(68, 1007)(h); }), 'IMAGE_UNSUPPORTED', /2 components/],
  ['NIfTI: colours', 'a.nii', nifti(short(70, 128)), 'IMAGE_UNSUPPORTED', /RGB/],
  ['NIfTI: complex numbers', 'a.nii', nifti(short(70, 32)), 'IMAGE_UNSUPPORTED', /complex/],
  ['NIfTI: an unknown type', 'a.nii', nifti(short(70, 77)), 'IMAGE_HEADER_INVALID', /datatype is 77/],
  ['NIfTI: bitpix against datatype', 'a.nii', nifti(short(72, 8)), 'IMAGE_HEADER_INVALID', /bitpix/],
  ['NIfTI: NaN spacing', 'a.nii', nifti(float(84, Number.NaN)), 'IMAGE_GEOMETRY_INVALID', /pixdim/],
  ['NIfTI: zero spacing', 'a.nii', nifti(float(80, 0)), 'IMAGE_GEOMETRY_INVALID', /pixdim/],
  ['NIfTI: negative spacing', 'a.nii', nifti(float(80, -1)), 'IMAGE_GEOMETRY_INVALID', /pixdim/],
  ['NIfTI: a NaN quaternion', 'a.nii', nifti(float(256, Number.NaN)), 'IMAGE_GEOMETRY_INVALID', /qform/],
  ['NIfTI: an overlong quaternion', 'a.nii', nifti(float(256, 3)), 'IMAGE_GEOMETRY_INVALID', /longer than 1/],
  ['NIfTI: an infinite offset', 'a.nii', nifti(float(268, Infinity)), 'IMAGE_GEOMETRY_INVALID', /not finite/],
  ['NIfTI: a zero sform alone', 'a.nii', nifti((h) => { short(252, 0)(h); short(254, 1)(h); }), 'IMAGE_GEOMETRY_INVALID', /orthogonal/],
  ['NIfTI: vox_offset inside the header', 'a.nii', nifti(float(108, 0)), 'IMAGE_HEADER_INVALID', /vox_offset/],
  ['NIfTI: vox_offset beyond the file', 'a.nii', nifti(float(108, 1e9)), 'IMAGE_TRUNCATED', /vox_offset/],
  ['NIfTI: vox_offset beyond gzip', 'a.nii.gz', gzipSync(nifti(float(108, 1e30))), 'IMAGE_TRUNCATED', /vox_offset/],
  ['NIfTI: vox_offset NaN', 'a.nii', nifti(float(108, Number.NaN)), 'IMAGE_HEADER_INVALID', /vox_offset/],
  ['NIfTI: half of a pair', 'a.hdr', nifti((h) => h.setUint32(344, 0x6e693100)), 'IMAGE_UNSUPPORTED', /pair/],
  ['ANALYZE', 'a.hdr', nifti((h) => h.setUint32(344, 0)), 'IMAGE_UNSUPPORTED', /ANALYZE/],

  ['TIFF: no page', 'a.tif', 'II*\0\0\0\0\0', 'IMAGE_HEADER_INVALID', /no page/],
  ['TIFF: a page beyond the file', 'a.tif', 'II*\0\xff\0\0\0', 'IMAGE_TRUNCATED', /outside the file/],
  ['TIFF: cut off at once', 'a.tif', 'MM\0*', 'IMAGE_TRUNCATED', /outside the file/],
];

describe('readVolume answers bad files with a typed error', () => {
  const folder = useFolder();

  it.each(CASES)('%s', async (what, name, content, code, detail) => {
    const path = folder.put(`${what.replace(/\W+/g, '-')}/${name}`, bytesOf(content));
    const error = await readVolume(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HecktorError);
    const found = error as HecktorError;
    expect({ code: found.code, file: found.file }).toEqual({ code, file: path });
    expect(found.detail ?? '').toMatch(detail);
    expect(found.message).toContain('Likely cause: ');
    expect(found.message).not.toContain('\n');
  });

  it('names a folder as such', async () => {
    const path = join(folder.path, 'folder.mha');
    await mkdir(path);
    await expect(readVolume(path)).rejects.toMatchObject({
      code: 'IMAGE_NOT_A_FILE',
      detail: 'it is a folder',
    });
  });

  it('names a missing file as such', async () => {
    await expect(readVolume(join(folder.path, 'gone.mha'))).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    });
  });

  it.each([
    ['nowhere', 'gone.mha', 'it is a link that leads nowhere'],
    ['to itself', 'itself.mha', 'it is a link that leads to itself'],
  ])('names a link that leads %s as such', async (_, target, detail) => {
    const path = folder.at('itself.mha');
    await symlink(target, path);
    await expect(readVolume(path)).rejects.toMatchObject({ code: 'IMAGE_NOT_A_FILE', detail });
    await rm(path);
  });

  it('says of a long path that it is', async () => {
    await expect(readVolume(folder.at(`${'x'.repeat(300)}.mha`))).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      detail: 'its path is longer than the system takes',
    });
    const below = `${folder.put('file.mha')}/x.mha`;
    await expect(readVolume(below)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      detail: 'a part of its path is a file',
    });
  });

  it('says of a file that is closed to us that it is', async () => {
    const path = folder.put('closed.mha', metaImage());
    await chmod(folder.path, 0o755);
    await chmod(path, 0);
    await withoutRights(() =>
      expect(readVolume(path)).rejects.toMatchObject({
        code: 'IMAGE_UNREADABLE',
        detail: 'the system reports EACCES',
      }),
    );
  });

  it('does not open a device', async () => {
    await expect(readVolume('/dev/zero')).rejects.toMatchObject({ code: 'IMAGE_NOT_A_FILE' });
  });

  it.each([
    ['a.mha', metaImage()],
    ['a.nii', nifti()],
    ['a.nii.gz', gzipSync(nifti())],
  ])('keeps to maxBytes: %s', async (name, content) => {
    const path = folder.put(`max/${name}`, content);
    await expect(readVolume(path, { maxBytes: 48 })).resolves.toBeDefined();
    await expect(readVolume(path, { maxBytes: 47 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
  });

  it('counts scaled integers as the float32 they become', async () => {
    const path = folder.put('max/scaled.nii', nifti(float(112, 2)));
    await expect(readVolume(path, { maxBytes: 95 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
  });
});
