import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom } from '@hecktor/testing';

const SEED = 9;

/**
 * A phantom whose CT has 512x512 voxels of the given size in mm, made on first use; returns the
 * files of CT and PET.
 */
export async function makeSpacingCase(
  root: string,
  inPlane: number,
  slice: number,
): Promise<{ ct: string; pet: string }> {
  const folder = join(root, `spacing-${SEED}-${inPlane}-${slice}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const { ct, pet } = createPhantom(SEED, {
      ct: { matrix: 512, spacing: inPlane, slice },
      pet: { matrix: 128, spacing: 4, slice: 3 },
      metal: false,
    });
    await writeVolume(join(unfinished, 'ct.mha'), ct, { compress: true });
    await writeVolume(join(unfinished, 'pet.mha'), pet, { compress: true });
    renameSync(unfinished, folder);
  }
  return { ct: join(folder, 'ct.mha'), pet: join(folder, 'pet.mha') };
}
