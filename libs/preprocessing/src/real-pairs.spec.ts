import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { expectGrid, maxDifference, readGoldenJson, realDataDir } from '@hecktor/testing';
import { createVolume } from '@hecktor/volume';
import type { Volume } from '@hecktor/volume';
import { invertLabels, type StepRecord } from './index.ts';
import { goldenArrays, goldenGrid, type GoldenArray, type GoldenGrid } from './testing/golden.ts';
import { niftiVoxels } from './testing/nifti-voxels.ts';
import { runSteps } from './testing/run-steps.ts';

interface Sampled {
  at: GoldenArray;
  values: GoldenArray;
  mean: number;
  deviation: number;
  zeros: number;
}

interface Case {
  name: string;
  ct: GoldenGrid;
  pet: GoldenGrid;
  commonGrid: GoldenGrid;
  neckStart: number[];
  neckSize: number[];
  foregroundStart: number[];
  foregroundSize: number[];
  ctBox: Sampled;
  petBox: Sampled;
  ctTensor: Sampled;
  petTensor: Sampled;
  petMaskOnCt: string;
}

const folder = new URL('../golden/', import.meta.url);
const facts = readGoldenJson<{ box: number[]; cases: Case[] }>(new URL('real-pairs.json', folder));
const golden = goldenArrays(readFileSync(new URL('real-pairs.bin', folder)));
const data = realDataDir();
const onRealData = data === undefined ? describe.skip : describe;

const TO_BOX = [
  { step: 'resample', to: 'common-box' },
  { step: 'crop-neck', source: 'pet', size: facts.box },
];
const TO_TENSOR = [
  { step: 'scale-intensity', image: 'ct', from: [-250, 250], to: [-6, 6], clip: true },
  { step: 'z-score', image: 'pet', nonzero: true },
  { step: 'crop-foreground', image: 'ct' },
  { step: 'pad', size: facts.box },
];

onRealData.each(facts.cases)('the real pair $name, against SimpleITK and MONAI', (entry) => {
  const read = (kind: string, grid: GoldenGrid): Volume<Float32Array> => {
    const file = readFileSync(join(data!, 'petct', entry.name, `${kind}.nii.gz`));
    const voxels = new Float32Array(niftiVoxels(gunzipSync(file)));
    return createVolume(goldenGrid(grid), voxels);
  };
  const images = () => ({ ct: read('CT_image', entry.ct), pet: read('PET_image', entry.pet) });

  it('resamples to the same values', async () => {
    const { images: boxes, grid } = await runSteps(images(), TO_BOX);
    expect(grid.size).toEqual(entry.neckSize);
    expectSampled(boxes['ct']!.data, entry.ctBox, 1e-3);
    expectSampled(boxes['pet']!.data, entry.petBox, 1e-5);
  });

  it('finds the same boxes and makes the same tensor', async () => {
    const prepared = await runSteps(images(), [...TO_BOX, ...TO_TENSOR]);
    const spatial = prepared.records as readonly Exclude<
      StepRecord,
      { kind: 'intensity' | 'reset-geometry' }
    >[];
    expectGrid(spatial[0]!.after, goldenGrid(entry.commonGrid));
    expect(spatial[1]).toMatchObject({ start: entry.neckStart, after: { size: entry.neckSize } });
    expect(spatial[4]).toMatchObject({
      start: entry.foregroundStart,
      after: { size: entry.foregroundSize },
    });
    const tensor = await prepared.tensor({ channels: ['ct', 'pet'], axes: ['y', 'x', 'z'] });
    const half = tensor.data.length / 2;
    expectSampled(tensor.data.subarray(0, half), entry.ctTensor, 1e-4);
    expectSampled(tensor.data.subarray(half), entry.petTensor, 1e-5);
  });

  it('picks labels between the grids as SimpleITK does', async () => {
    const mask = read('PET_mask', entry.pet);
    const labels = createVolume(mask, new Uint8Array(mask.data));
    const onCt = await invertLabels(labels, [], goldenGrid(entry.ct), { mode: 'exact' });
    expect(createHash('sha256').update(onCt.data).digest('hex')).toBe(entry.petMaskOnCt);
  });
});

function expectSampled(actual: Float32Array, expected: Sampled, tolerance: number): void {
  const at = golden.array(expected.at);
  const values = Float32Array.from(at, (i) => actual[i]!);
  expect(maxDifference(values, golden.array(expected.values)).value).toBeLessThan(tolerance);
  let sum = 0;
  let squares = 0;
  let zeros = 0;
  for (let i = 0; i < actual.length; i++) {
    const v = actual[i]!;
    sum += v;
    squares += v * v;
    if (v === 0) zeros++;
  }
  const mean = sum / actual.length;
  expect(Math.abs(mean - expected.mean)).toBeLessThan(tolerance);
  const deviation = Math.sqrt(squares / actual.length - mean * mean);
  expect(Math.abs(deviation - expected.deviation)).toBeLessThan(tolerance);
  expect(zeros).toBe(expected.zeros);
}
