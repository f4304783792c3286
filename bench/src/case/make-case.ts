import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom } from '@hecktor/testing';
import { extendDown } from './extend-down.ts';

/** A case in the platform's form. */
export interface BenchCase {
  readonly folder: string;
  readonly ct: string;
  readonly pet: string;
  /** The clinical record. */
  readonly ehr: string;
}

const SEED = 7;
const SLICES = 300;

/**
 * The case that all figures are about, made on first use: a CT of 512x512x300 int16 voxels of
 * 0.98x0.98x3 mm and a PET of 200x200x300 float32 voxels of 4.07x4.07x3 mm, both compressed.
 */
export async function makeCase(root: string): Promise<BenchCase> {
  const folder = join(root, `case-${SEED}`);
  const ct = join(folder, 'images/ct/ct.mha');
  const pet = join(folder, 'images/pet/pet.mha');
  const ehr = join(folder, 'ehr.json');
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    for (const name of ['ct', 'pet']) {
      mkdirSync(join(unfinished, 'images', name), { recursive: true });
    }
    const phantom = createPhantom(SEED, {
      ct: { matrix: 512, spacing: 0.98, slice: 3 },
      pet: { matrix: 200, spacing: 4.07, slice: 3 },
      metal: false,
    });
    const options = { compress: true };
    await writeVolume(
      join(unfinished, 'images/ct/ct.mha'),
      extendDown(phantom.ct, SLICES),
      options,
    );
    await writeVolume(
      join(unfinished, 'images/pet/pet.mha'),
      extendDown(phantom.pet, SLICES),
      options,
    );
    writeFileSync(join(unfinished, 'ehr.json'), `${JSON.stringify(phantom.ehr, null, 2)}\n`);
    renameSync(unfinished, folder);
  }
  return { folder, ct, pet, ehr };
}
