import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_EXTENSIONS, readVolume, toNumeric } from '@hecktor/image-io';
import { assertSameGrid, type NumericVoxelArray, type Volume } from '@hecktor/volume';

/** A case and its masks, read. */
export interface LoadedCase {
  readonly ct: Volume<NumericVoxelArray>;
  readonly pet: Volume<NumericVoxelArray>;
  readonly mask: Volume<Uint8Array>;
  readonly expected?: Volume<Uint8Array>;
}

/**
 * Reads a case folder (`images/ct`, `images/pet`) and its masks.
 *
 * @throws HecktorError when a file cannot be read or a mask is not on the CT's grid.
 * @throws Error when an image folder does not hold exactly one image.
 */
export async function readCase(paths: {
  readonly input: string;
  readonly mask: string;
  readonly expected?: string;
}): Promise<LoadedCase> {
  const ct = toNumeric(await readVolume(onlyImage(join(paths.input, 'images', 'ct'))));
  const pet = toNumeric(await readVolume(onlyImage(join(paths.input, 'images', 'pet'))));
  const readMask = async (path: string): Promise<Volume<Uint8Array>> => {
    const volume = toNumeric(await readVolume(path));
    assertSameGrid(ct, volume);
    return { ...volume, data: Uint8Array.from(volume.data) };
  };
  const mask = await readMask(paths.mask);
  if (paths.expected === undefined) return { ct, pet, mask };
  return { ct, pet, mask, expected: await readMask(paths.expected) };
}

function onlyImage(folder: string): string {
  const images = readdirSync(folder).filter((name) =>
    IMAGE_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension)),
  );
  if (images.length !== 1) {
    throw new Error(`${folder}: expected one image, found ${images.length}: ${images.join(', ')}`);
  }
  return join(folder, images[0]!);
}
