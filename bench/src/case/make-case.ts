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

const LONG_SEED = 8;
const LONG_SLICES = 1100;
const FORMATS = ['mha', 'nii.gz'];

/** Files of one 512x512x1100 int16 CT, compressed, in two formats; made on first use. */
export async function makeLongCt(root: string): Promise<string[]> {
  const folder = join(root, `long-ct-${LONG_SEED}`);
  const files = FORMATS.map((format) => join(folder, `ct.${format}`));
  if (files.some((file) => !existsSync(file))) {
    mkdirSync(folder, { recursive: true });
    const { ct } = createPhantom(LONG_SEED, { ct: { matrix: 512, spacing: 0.98, slice: 1.5 } });
    const long = extendDown(ct, LONG_SLICES);
    for (const [i, file] of files.entries()) {
      const unfinished = join(folder, `unfinished.${FORMATS[i]}`);
      await writeVolume(unfinished, long, { compress: true });
      renameSync(unfinished, file);
    }
  }
  return files;
}
