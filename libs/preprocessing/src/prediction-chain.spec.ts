import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { maxDifference, readGoldenJson, realDataDir } from '@hecktor/testing';
import { createGrid, createVolume } from '@hecktor/volume';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { invertLabels, type Images } from './index.ts';
import { goldenArrays, type GoldenArray, type GoldenVolume } from './testing/golden.ts';
import { niftiVoxels } from './testing/nifti-voxels.ts';
import { runSteps } from './testing/run-steps.ts';

interface Sampled {
  at: GoldenArray;
  values: GoldenArray;
  mean: number;
  deviation: number;
}

interface Facts {
  name: string;
  box: number[];
  commonSize: number[];
  boxStart: number[];
  boxSize: number[];
  ctBox: string;
  petBox: string;
  task2: Record<'ct' | 'pet', Sampled>;
  task3: Record<'ct' | 'pet', Sampled>;
  training: Record<'ct' | 'pet', Sampled>;
}

type Case = Facts & { ct: GoldenVolume; pet: GoldenVolume };
type RealCase = Facts & { ctType: 'float32' | 'int16' };
type Arrays = ReturnType<typeof goldenArrays>;

const folder = new URL('../golden/', import.meta.url);
const small = readGoldenJson<{ cases: Case[] }>(new URL('prediction.json', folder));
const golden = goldenArrays(readFileSync(new URL('prediction.bin', folder)));
const real = readGoldenJson<{ cases: RealCase[] }>(new URL('prediction-real.json', folder));
const realGolden = goldenArrays(readFileSync(new URL('prediction-real.bin', folder)));
const data = realDataDir();
const onRealData = data === undefined ? describe.skip : describe;

const toBox = (size: number[]) => [
  { step: 'reset-geometry', images: ['ct', 'pet'] },
  { step: 'resample', to: 'common-box' },
  { step: 'crop-neck', source: 'pet', size, order: 'zyx', overhang: 'truncate' },
];
const toRange = (epsilon: number) =>
  ['ct', 'pet'].map((image) => ({ step: 'min-max', image, epsilon }));
const RESIZE = { step: 'resize-area', size: [96, 96, 96] };

/** Where the images were; none of it may matter. */
function somewhere(volume: Volume<NumericVoxelArray>, shift: number): Volume<NumericVoxelArray> {
  const { data: voxels, size } = volume;
  const direction = Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, -1);
  const spacing = [0.9, 0.8, 2.5] as const;
  return { ...createGrid(size, { origin: [shift, -shift, 3], spacing, direction }), data: voxels };
}

function expectLikeTheTemplate(facts: Facts, images: Images, arrays: Arrays): void {
  it('finds the box of SimpleITK and scikit-image, and the same integers in it', async () => {
    const { images: boxes, records } = await runSteps(images, toBox(facts.box));
    expect(records[1]).toMatchObject({ after: { size: facts.commonSize } });
    expect(records[2]).toMatchObject({ start: facts.boxStart, after: { size: facts.boxSize } });
    for (const [name, digest] of [
      ['ct', facts.ctBox],
      ['pet', facts.petBox],
    ] as const) {
      // Among floats ITK leaves 1e-16 where there was 0; integers have to be the very same.
      if (!(images[name]!.data instanceof Float32Array)) {
        expect(sha256(boxes[name]!.data)).toBe(digest);
      }
    }
  });

  it.each([
    ['task2', 0],
    ['task3', 1e-5],
  ] as const)('makes the same tensor for %s', async (task, epsilon) => {
    const steps = [...toBox(facts.box), ...toRange(epsilon), RESIZE];
    expectTensor(await runSteps(images, steps), facts[task], arrays);
  });

  it('makes the same tensor as the training scripts', async () => {
    const steps = [...toRange(0), { ...RESIZE, grids: 'own' }];
    expectTensor(await runSteps(images, steps), facts.training, arrays);
  });
}

describe.each(small.cases)('tasks 2 and 3: $name', (entry) => {
  const images = {
    ct: somewhere(golden.volume(entry.ct), 70),
    pet: somewhere(golden.volume(entry.pet), -5),
  };
  expectLikeTheTemplate(entry, images, golden);

  it('does not change the images', async () => {
    const whole = await runSteps(images, [{ step: 'reset-geometry' }, ...toBox(entry.box)]);
    for (const name of ['ct', 'pet'] as const) {
      whole.images[name]!.data.fill(-1);
      expect(images[name].data).toEqual(golden.array(entry[name].data));
      expect(images[name].spacing).toEqual([0.9, 0.8, 2.5]);
    }
  });

  it('puts labels back on the voxels of either image', async () => {
    const { records, grid } = await runSteps(images, toBox(entry.box));
    const count = grid.size[0] * grid.size[1] * grid.size[2];
    const labels = createVolume(
      grid,
      Uint8Array.from({ length: count }, (_, i) => 1 + (i % 9)),
    );
    for (const image of [images.ct, images.pet]) {
      const restored = await invertLabels(labels, records, image, { mode: 'exact' });
      expect(restored.data.reduce((sum, v) => sum + (v === 0 ? 0 : 1), 0)).toBe(count);
      const [x, y, z] = entry.boxStart as [number, number, number];
      expect(restored.data[x + image.size[0] * (y + image.size[1] * z)]).toBe(1);
    }
    const elsewhere = invertLabels(labels, records, grid, { mode: 'exact' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'RESTORE_IMPOSSIBLE' });
  });
});

onRealData.each(real.cases)('tasks 2 and 3: the real pair $name, CT as $ctType', (entry) => {
  if (data === undefined) {
    it('needs the real images', () => undefined);
    return;
  }
  const read = (kind: string): Volume<Float32Array> => {
    const file = gunzipSync(readFileSync(join(data, 'petct', entry.name, `${kind}.nii.gz`)));
    const size = [42, 44, 46].map((at) => file.readInt16LE(at)) as [number, number, number];
    return createVolume(createGrid(size), new Float32Array(niftiVoxels(file)));
  };
  const ct = read('CT_image');
  const whole = Int16Array.from(ct.data, (v) => roundHalfEven(v));
  const images = {
    ct: entry.ctType === 'int16' ? { ...ct, data: whole } : ct,
    pet: read('PET_image'),
  };
  expectLikeTheTemplate(entry, images, realGolden);
});

function expectTensor(
  prepared: Awaited<ReturnType<typeof runSteps>>,
  expected: Facts['task2'],
  arrays: Arrays,
): void {
  expect(prepared.grid.size).toEqual([96, 96, 96]);
  for (const name of ['ct', 'pet'] as const) {
    const { at, values, mean, deviation } = expected[name];
    const actual = prepared.images[name]!.data;
    const found = Float32Array.from(arrays.array(at), (i) => actual[i]!);
    expect(maxDifference(found, arrays.array(values)).value).toBeLessThan(2e-7);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < actual.length; i++) {
      const v = actual[i]!;
      sum += v;
      squares += v * v;
    }
    const average = sum / actual.length;
    expect(Math.abs(average - mean)).toBeLessThan(2e-8);
    const spread = Math.sqrt(Math.max(squares / actual.length - average * average, 0));
    expect(Math.abs(spread - deviation)).toBeLessThan(2e-7);
  }
}

function sha256(values: Float32Array): string {
  return createHash('sha256').update(values).digest('hex');
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
