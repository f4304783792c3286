import { HecktorError } from '@hecktor/errors';
import { assertVolume, type Volume } from '@hecktor/volume';
import { writeMetaImage } from './meta/write-meta-image.ts';
import { writeNifti } from './nifti/write-nifti.ts';

export interface WriteOptions {
  /**
   * Compress the voxels of a MetaImage with zlib. Default: true. NIfTI goes by its name alone:
   * `.nii.gz` is compressed, `.nii` is not.
   */
  readonly compress?: boolean;
}

/**
 * Writes a volume as `.mha`, `.nii` or `.nii.gz`, little-endian. The file appears whole or not at
 * all. MetaImage keeps the geometry to the last bit; NIfTI holds it in single precision.
 *
 * @throws HecktorError INVALID_ARGUMENT for another extension or a volume that is not valid,
 * IMAGE_UNSUPPORTED for a size NIfTI cannot hold, IMAGE_WRITE_FAILED when the file system refuses.
 */
export async function writeVolume(
  path: string,
  volume: Volume,
  { compress = true }: WriteOptions = {},
): Promise<void> {
  assertVolume(volume, { file: path });
  const name = path.toLowerCase();
  if (name.endsWith('.mha')) return writeMetaImage(path, volume, compress);
  if (name.endsWith('.nii.gz')) return writeNifti(path, volume, true);
  if (name.endsWith('.nii')) return writeNifti(path, volume, false);
  const detail = 'images are written as .mha, .nii or .nii.gz';
  throw new HecktorError('INVALID_ARGUMENT', { file: path, detail });
}
