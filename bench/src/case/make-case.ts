import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom, type PhantomOptions } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';
import { extendDown } from './extend-down.ts';

/** A case in the platform's form. */
export interface BenchCase {
  readonly folder: string;
  readonly ct: string;
  readonly pet: string;
  readonly ehr: string;
}

const [SEED, SLICES] = [7, 300];
const PHANTOM: PhantomOptions = {
  ct: { matrix: 512, spacing: 0.98, slice: 3 },
  pet: { matrix: 200, spacing: 4.07, slice: 3 },
  metal: false,
};

/**
 * The case that all figures are about, made on first use: a CT of 512x512x300 int16 voxels of
 * 0.98x0.98x3 mm and a PET of 200x200x300 float32 voxels of 4.07x4.07x3 mm, both compressed.
 */
export async function makeCase(root: string): Promise<BenchCase> {
  const [ct, pet, ehr] = ['images/ct/ct.mha', 'images/pet/pet.mha', 'ehr.json'] as const;
  const folder = await onFirstUse(join(root, `case-${SEED}`), async (unfinished) => {
    const phantom = createPhantom(SEED, PHANTOM);
    await write(join(unfinished, ct), extendDown(phantom.ct, SLICES));
    await write(join(unfinished, pet), extendDown(phantom.pet, SLICES));
    writeFileSync(join(unfinished, ehr), `${JSON.stringify(phantom.ehr, null, 2)}\n`);
  });
  return { folder, ct: join(folder, ct), pet: join(folder, pet), ehr: join(folder, ehr) };
}

/** The label map of that case: primary tumour and nodes. */
export async function makeLabels(root: string): Promise<string> {
  const folder = await onFirstUse(join(root, `labels-${SEED}`), async (unfinished) => {
    const { labels } = createPhantom(SEED, PHANTOM);
    await write(join(unfinished, 'labels.mha'), extendDown(labels, SLICES));
  });
  return join(folder, 'labels.mha');
}

/** Files of one 512x512x1100 int16 CT, compressed, in two formats; made on first use. */
export async function makeLongCt(root: string): Promise<string[]> {
  const [slices, seed] = [1100, 8];
  const names = ['ct.mha', 'ct.nii.gz'];
  const folder = await onFirstUse(join(root, `long-ct-${seed}`), async (unfinished) => {
    const { ct } = createPhantom(seed, { ct: { matrix: 512, spacing: 0.98, slice: 1.5 } });
    const long = extendDown(ct, slices);
    for (const name of names) await write(join(unfinished, name), long);
  });
  return names.map((name) => join(folder, name));
}

/** A phantom whose CT has 512x512 voxels of the given size in mm, made on first use. */
export async function makeSpacingCase(
  root: string,
  inPlane: number,
  slice: number,
): Promise<{ ct: string; pet: string }> {
  const seed = 9;
  const name = `spacing-${seed}-${inPlane}-${slice}`;
  const folder = await onFirstUse(join(root, name), async (unfinished) => {
    const { ct, pet } = createPhantom(seed, {
      ct: { matrix: 512, spacing: inPlane, slice },
      pet: { matrix: 128, spacing: 4, slice: 3 },
      metal: false,
    });
    await write(join(unfinished, 'ct.mha'), ct);
    await write(join(unfinished, 'pet.mha'), pet);
  });
  return { ct: join(folder, 'ct.mha'), pet: join(folder, 'pet.mha') };
}

/** The folder, which `make` fills when it is not there yet, wholly or not at all. */
async function onFirstUse(
  folder: string,
  make: (unfinished: string) => Promise<void>,
): Promise<string> {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

async function write(file: string, volume: Volume): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeVolume(file, volume, { compress: true });
}
