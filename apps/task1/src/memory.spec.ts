import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { runProgram } from '@hecktor/testing';
import { createGrid, createVolume } from '@hecktor/volume';

const NETWORK = fileURLToPath(
  new URL('../../../libs/pipeline/golden/models/threshold.onnx', import.meta.url),
);
const SIZE = [256, 256, 900] as const;
const recipe = {
  ...{ version: 1, kind: 'segmentation', name: 'native' },
  preprocessing: [
    {
      ...{ step: 'resample', to: 'image', image: 'ct', interpolation: 'linear' },
      ...{ outside: { pet: 0 }, pixelType: 'float32' },
    },
    { step: 'z-score', image: 'pet' },
  ],
  tensor: { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] },
  models: [{ file: 'model.onnx', input: 'input', output: 'logits' }],
  inference: { roi: [64, 64, 64], overlap: 0, blend: 'constant' },
  postprocessing: [],
  invert: { mode: 'exact' },
};

let base: string;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'memory-'));
  for (const folder of ['input/images/ct', 'input/images/pet', 'output', 'resources']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  const [nx, ny, nz] = SIZE;
  const ct = new Int16Array(nx * ny * nz).fill(-1000);
  for (let z = 0; z < nz; z++) ct.fill(40, nx * ny * z + 9000, nx * ny * z + 50000);
  const pet = new Float32Array(64 * 64 * 225).fill(1);
  pet.fill(90, 64 * 64 * 180 + 2000, 64 * 64 * 180 + 2040);
  await writeVolume(join(base, 'input/images/ct/ct.mha'), createVolume(createGrid([...SIZE]), ct));
  const coarse = createGrid([64, 64, 225], { spacing: [4, 4, 4] });
  await writeVolume(join(base, 'input/images/pet/pet.mha'), createVolume(coarse, pet));
  cpSync(NETWORK, join(base, 'resources/model.onnx'));
  writeFileSync(join(base, 'resources/pipeline.json'), JSON.stringify(recipe));
});
afterAll(() => rmSync(base, { recursive: true }));

const run = (limit: string) =>
  runProgram('task1', {
    env: {
      ...{ HECKTOR_INPUT: join(base, 'input'), HECKTOR_OUTPUT: join(base, 'output') },
      ...{ HECKTOR_RESOURCES: join(base, 'resources'), HECKTOR_MEMORY_LIMIT_MIB: limit },
    },
  });

it('segments a long CT in slabs, within the memory that was predicted', async () => {
  const { code, lines } = await run('1400');
  expect(code).toBe(0);
  const predicted = lines.find(({ msg }) => msg === 'memory predicted')!;
  expect(predicted).toMatchObject({ way: 'slabs', limitMiB: 1400 });
  // As a whole, tensor and logits alone take 1125 MiB.
  const { peakMemoryMiB } = lines.at(-1)!;
  expect(peakMemoryMiB).toBeLessThan(1000);
});

it('ends before the work where nothing fits', async () => {
  const { code, lines, lastError } = await run('300');
  expect(code).not.toBe(0);
  expect(lastError).toMatch(/^OUT_OF_MEMORY .* 0\.3 GiB are there; no network has run/);
  expect(lines.some(({ msg }) => msg === 'preprocessed')).toBe(false);
});
