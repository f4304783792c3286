import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readVolume, toNumeric, writeVolume } from '@hecktor/image-io';
import type { IntakePolicy } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import {
  ballCase,
  createPhantom,
  createRandom,
  IMAGE_FAULTS,
  realDataDir,
  useFolder,
  type ImageFault,
  type ImagePair,
  type PhantomOptions,
} from '@hecktor/testing';
import { createGrid, createVolume } from '@hecktor/volume';
import { readCase } from '../read-case.ts';
import { checkIntake } from './check-intake.ts';

const folder = useFolder();
/** Coarse enough to be quick; the checks look at cells of 8 mm. */
const COARSE = {
  ct: { matrix: 96, spacing: 4.2, slice: 4 },
  pet: { matrix: 80, spacing: 6, slice: 4, detail: 4 },
};

/** What the log says of a pair that comes as files; the check and the text of each warning. */
async function told(pair: ImagePair, policy?: IntakePolicy): Promise<string[]> {
  const warnings: string[] = [];
  for (const name of ['ct', 'pet'] as const) {
    await writeVolume(folder.at(`${name}.mha`), pair[name]);
  }
  const log = createLog((level, message, fields) => {
    if (level === 'warn') warnings.push(`${String(fields?.['check'])}: ${message}`);
  });
  const context = {
    ...{ log, timer: createStageTimer(), threads: 1 },
    ...{ onProgress: () => undefined, remainingMs: () => Infinity },
  };
  const paths = { ct: folder.at('ct.mha'), pet: folder.at('pet.mha') };
  await readCase(paths, context, policy);
  return warnings;
}

/** What is told of each fault, by its start; the last entry of each is the effect on the answer. */
const OFF = 'alignment: CT and PET do not lie on each other: ';
const MISPLACED = /uptake is taken for that of other tissue/;
const EXPECTED: Readonly<Record<keyof typeof IMAGE_FAULTS, readonly [string, RegExp]>> = {
  'PET in Bq/mL': ['petUnits: the PET is not in SUV: uptake is hundreds', /bounds in SUV miss/],
  'PET as stored in DICOM': ['petUnits: the PET is not in SUV', /bounds in SUV miss/],
  'PET scaled to 0..1': ['petUnits: the PET is not in SUV: nothing in it', /bounds in SUV miss/],
  'PET without uptake': ['petContent: all voxels of the PET have', /no network can find/],
  'PET thresholded': ['petContent: the PET holds no more than 3', /no network can find/],
  'PET inverted': ['petContent: the PET is inverted', /no network can find/],
  'PET as 8-bit inverse grey': ['petContent: the PET is inverted', /no network can find/],
  'PET negated': ['petContent: the PET shows no uptake above 0', /no network can find/],
  'CT as stored in DICOM': [
    'ctUnits: the CT is not in HU: its values lie about 1024 too high',
    /the mask is empty or wrong/,
  ],
  'CT with 1000 added': [
    'ctUnits: the CT is not in HU: its values lie about 1000 too high',
    /the mask is empty or wrong/,
  ],
  'CT windowed to 0..255': [
    'ctUnits: the CT is not in HU: its values are those of grey pictures',
    /the mask is empty or wrong/,
  ],
  'CT windowed to 0..1': ['ctUnits: the CT is not in HU: its values span 1,', /clips or scales/],
  'CT divided by 1000': ['ctUnits: the CT is not in HU: its values span', /clips or scales/],
  'CT and PET swapped': ['modalities: CT and PET are swapped', /nothing to do with/],
  'the CT in both folders': ['modalities: CT and PET are the same image, a CT', /nothing to do/],
  'the PET in both folders': ['modalities: CT and PET are the same image', /nothing to do with/],
  'PET of another patient': [OFF, MISPLACED],
  'PET 5 cm to the left': [`${OFF}the PET lies about 5 cm to the left of the CT`, MISPLACED],
  'PET 4 cm to the back': [`${OFF}the PET lies about 4 cm to the back of the CT`, MISPLACED],
  'PET 6 cm to the head': [`${OFF}the PET lies about 6 cm towards the head of`, MISPLACED],
  'PET mirrored left to right': [OFF, /mirrored left to right; uptake is taken/],
  'PET mirrored front to back': [OFF, /mirrored front to back; uptake is taken/],
  'PET upside down': [OFF, /upside down; uptake is taken/],
  'PET with its direction lost': [`${OFF}the PET covers `, MISPLACED],
  'spacing of the PET lost': [OFF, /to have lost the spacing of the PET; uptake/],
  'spacing of the CT lost': [OFF, /to have lost the spacing of the CT; uptake/],
  'origin of the PET lost': [OFF, /to have lost the origin of the PET; uptake/],
  'origins of both lost': [OFF, /to have lost the origin of the CT and the origin of the PET/],
  'both upside down': ['head: the CT has the head at its lower end', /the neck, which is/],
  'no head': ['head: the CT shows no head', /the neck, which is looked for/],
};
const make = (fault: keyof typeof IMAGE_FAULTS): ImageFault => IMAGE_FAULTS[fault];
const FAULTS = Object.keys(IMAGE_FAULTS) as (keyof typeof IMAGE_FAULTS)[];

describe('checkIntake', () => {
  let [good, other]: ImagePair[] = [];
  beforeAll(() => {
    good = createPhantom(2, COARSE);
    other = createPhantom(1, COARSE);
  });

  it.each(FAULTS)('tells in one line: %s', async (fault) => {
    const lines = await told(make(fault)(good!, other!));
    const [start, effect] = EXPECTED[fault];
    const line = lines.find((text) => text.startsWith(start));
    expect(lines).toContain(line);
    expect(line).toMatch(effect);
    expect(line).not.toContain('\n');
    // A pair turned over in two boxes of different height is shifted, too.
    if (fault !== 'both upside down') expect(lines).toHaveLength(1);
  });

  it('says nothing about the pair as it was, whatever its grids', async () => {
    expect(await told(good!)).toEqual([]);
    const turned = Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1);
    const { ct, pet } = good!;
    const corner = (image: ImagePair['ct']) =>
      image.origin.map((mm, i) => (i < 2 ? mm + (image.size[i]! - 1) * image.spacing[i]! : mm));
    const turn = (image: ImagePair['ct']) => {
      const [x, y, z] = corner(image) as [number, number, number];
      const grid = createGrid(image.size, { ...image, origin: [x, y, z], direction: turned });
      const plane = image.size[0] * image.size[1];
      const data = image.data.slice();
      for (let k = 0; k < image.size[2]; k++) data.subarray(k * plane, (k + 1) * plane).reverse();
      return createVolume(grid, data);
    };
    expect(await told({ ct, pet: turn(pet) })).toEqual([]);
    expect(await told({ ct: turn(ct), pet })).toEqual([]);
  });

  it('ends the run where the recipe wants an error, naming what was seen', async () => {
    const swapped = IMAGE_FAULTS['CT and PET swapped'](good!);
    await expect(told(swapped, { modalities: 'error' })).rejects.toMatchObject({
      code: 'INPUT_IMPLAUSIBLE',
      detail: expect.stringContaining('CT and PET are swapped'),
      fix: expect.stringContaining('intake.modalities'),
    });
    expect(await told(swapped, { alignment: 'error' })).toHaveLength(1);
  });

  it('leaves its images alone, NaN and empty ones to the steps', () => {
    const { ct, pet } = good!;
    const before = pet.data.slice();
    checkIntake({ ct, pet });
    expect(pet.data.every((value, i) => value === before[i])).toBe(true);
    const nothing = createVolume(pet, new Float32Array(pet.data.length).fill(NaN));
    expect(checkIntake({ ct, pet: nothing }).findings).toEqual([]);
    const spot = pet.data.slice();
    spot[spot.length >> 1] = NaN;
    expect(checkIntake({ ct, pet: createVolume(pet, spot) }).findings).toEqual([]);
  });

  it('judges no cylinder by its head', () => {
    expect(checkIntake(ballCase()).findings).toEqual([]);
  });
});

describe('checkIntake on good data', () => {
  it('says nothing about 100 phantoms of all sizes, fields of view and noise', () => {
    const alarms: string[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const random = createRandom(seed * 77);
      const options: PhantomOptions = {
        ct: { matrix: 48, spacing: random.between(6, 9), slice: random.between(4, 7) },
        pet: { matrix: 56, spacing: random.between(6, 9), slice: random.between(4, 7), detail: 6 },
      };
      const { findings } = checkIntake(createPhantom(seed, options));
      alarms.push(...findings.map(({ text }) => `${seed}: ${text}`));
    }
    expect(alarms).toEqual([]);
  });
});

const real = realDataDir();
/** What a crop around a thigh tells less of: it has no head, and fits its mirror images. */
const NOT_IN_A_CROP = new Set<string>([
  ...['PET 5 cm to the left', 'PET upside down', 'spacing of the CT lost'],
  ...['origins of both lost', 'both upside down', 'no head'],
]);
(real === undefined ? describe.skip : describe)('checkIntake on real pairs', () => {
  const pairs: Record<string, ImagePair> = {};
  beforeAll(async () => {
    for (const patient of ['STS_002', 'STS_008']) {
      const read = async (kind: string) =>
        toNumeric(await readVolume(join(real!, 'petct', patient, `${kind}_image.nii.gz`)));
      pairs[patient] = { ct: await read('CT'), pet: await read('PET') };
    }
  });

  it.each(['STS_002', 'STS_008'])('says nothing about %s', async (patient) => {
    expect(await told(pairs[patient]!)).toEqual([]);
  });

  it.each(FAULTS.filter((fault) => !NOT_IN_A_CROP.has(fault)))('tells %s', async (fault) => {
    const [check] = EXPECTED[fault][0].split(':');
    for (const [patient, pair] of Object.entries(pairs)) {
      const other = pairs[patient === 'STS_002' ? 'STS_008' : 'STS_002']!;
      const lines = await told(make(fault)(pair, other));
      expect(lines.map((line) => line.split(':')[0])).toEqual([check]);
    }
  });
});
