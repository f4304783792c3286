import { dirname } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import type { Volume } from '@hecktor/volume';
import { createFileReader, createInflateReader, type ByteReader } from './byte-reader.ts';
import { readMetaImage } from './meta/read-meta-image.ts';
import { readNifti } from './nifti/read-nifti.ts';
import { imageErrors, withFile } from './open-file.ts';
import type { OpenFile, ReadContext, ReadOptions } from './open-file.ts';
import { sniffFormat, SNIFF_BYTES, type FileFormat } from './sniff-format.ts';
import { readTiff } from './tiff/read-tiff.ts';

/** File name endings under which an image is looked for, longest first where one ends another. */
export const IMAGE_EXTENSIONS = ['.mha', '.mhd', '.nii.gz', '.nii', '.tiff', '.tif'] as const;

/**
 * Reads a 3-D scalar image: MetaImage (.mha, .mhd), NIfTI-1 and -2 (.nii, .nii.gz) or a TIFF stack.
 * The content decides, not the name. Geometry comes out as SimpleITK gives it: LPS, mm, x fastest;
 * voxels have the type SimpleITK gives them (NIfTI scaling makes integers float32). A 2-D image
 * becomes one slice.
 *
 * @throws HecktorError IMAGE_* that names the file, what is wrong with it, the likely cause and the
 * fix. Nothing larger than `maxBytes` is allocated, whatever the file claims.
 */
export async function readVolume(path: string, options: ReadOptions = {}): Promise<Volume> {
  const context: ReadContext = {
    path,
    errors: imageErrors(path),
    root: options.root ?? dirname(path),
    maxBytes: options.maxBytes ?? 4 * 1024 ** 3,
    shared: options.shared ?? false,
    onProgress: options.onProgress ?? (() => {}),
  };
  return withFile(path, (file) => readByContent(file, context));
}

async function readByContent(file: OpenFile, context: ReadContext): Promise<Volume> {
  const plain = () => createFileReader(file.handle, 0, file.size);
  const format = await peek(plain());
  switch (format.kind) {
    case 'metaimage':
      return readMetaImage(file, context);
    case 'nifti':
      return readNifti(plain(), context);
    case 'gzip':
      return readCompressed(file, context);
    case 'tiff':
      return readTiff(file, context);
    default:
      throw refusal(format, context.path);
  }
}

async function peek(reader: ByteReader): Promise<FileFormat> {
  const head = new Uint8Array(SNIFF_BYTES);
  const got = await reader.read(head).finally(() => reader.close());
  return sniffFormat(head.subarray(0, got));
}

/** A gzip file is read when NIfTI is inside; what else may be inside is named. */
async function readCompressed(file: OpenFile, context: ReadContext): Promise<Volume> {
  const open = () => createInflateReader(file.handle, 0, file.size, context.path);
  const inside = await peek(open());
  if (inside.kind === 'lfs-pointer' || inside.kind === 'html' || inside.kind === 'dicom') {
    throw refusal(inside, context.path, 'inside gzip data');
  }
  if (inside.kind !== 'nifti') {
    throw new HecktorError('IMAGE_UNKNOWN_FORMAT', {
      file: context.path,
      detail: `it is gzip data with ${describe(inside)} inside`,
      fix: 'decompress it, or convert it to .mha or .nii.gz',
    });
  }
  const reader = open();
  try {
    return await readNifti(reader, context);
  } finally {
    reader.close();
  }
}

/** @param where Said of a file that is inside another one. */
function refusal(format: FileFormat, file: string, where?: string): HecktorError {
  const facts = { file, ...(where !== undefined && { detail: where }) };
  switch (format.kind) {
    case 'lfs-pointer':
      return new HecktorError('IMAGE_LFS_POINTER', facts);
    case 'html':
      return new HecktorError('IMAGE_HTML_PAGE', facts);
    case 'dicom':
      return new HecktorError('IMAGE_IS_DICOM', facts);
    case 'nrrd':
      return new HecktorError('IMAGE_UNSUPPORTED', {
        file,
        detail: 'it is an NRRD file',
        cause: 'the image was exported in the format of 3D Slicer',
        fix: 'convert it to .mha or .nii.gz, for example with SimpleITK',
      });
    default:
      return new HecktorError('IMAGE_UNKNOWN_FORMAT', {
        file,
        detail: `it is ${describe(format)}`,
      });
  }
}

function describe({ name }: FileFormat): string {
  return name ?? 'neither MetaImage, NIfTI nor TIFF, whatever its name says';
}
