import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { modelMemory } from '@hecktor/onnx';
import type { EngineSettings, SegmentationRecipe } from '@hecktor/recipe';
import { createLog } from '@hecktor/runtime';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { readyRecipe } from '../fixtures/segment.ts';
import { networkBytes, total } from './memory-parts.ts';
import { checkMemory, planMemory } from './plan-memory.ts';

const GIB = 2 ** 30;
const path = fileURLToPath(new URL('../golden/models/threshold.onnx', import.meta.url));
const file = { path, bytes: statSync(path).size };

/** Images whose voxels are never looked at, so that they take no memory. */
function images([nx, ny, nz]: Vec3) {
  const ct = createVolume(createGrid([nx, ny, nz]), new Int16Array(nx * ny * nz));
  return { ct, pet: createVolume(createGrid([200, 200, 300]), new Float32Array(200 * 200 * 300)) };
}

const native: SegmentationRecipe = {
  ...readyRecipe('corrected'),
  preprocessing: [
    {
      ...{ step: 'resample', to: 'image', image: 'ct', spacing: [1, 1, 1], outside: {} },
      ...{ extent: 'voxel-edges', interpolation: 'linear', pixelType: 'float32' },
    },
    { step: 'z-score', image: 'pet', nonzero: false },
  ],
  tensor: { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] },
  inference: { roi: [128, 128, 128], overlap: 0.5, blend: 'gaussian' },
};
const wholeBody = images([512, 512, 1100]);

function plan(
  size: ReturnType<typeof images>,
  recipe: SegmentationRecipe,
  networks: number,
  limit: number,
) {
  const said: string[] = [];
  const log = createLog((_, message) => said.push(message));
  const models = Array.from({ length: networks }, () => file);
  const entries = models.map(() => recipe.models[0]!);
  const loaded = { recipe: { ...recipe, models: entries }, models };
  const found = planMemory(size, loaded, { log }, limit);
  expect(said).toEqual(['memory predicted']);
  return found;
}

describe('planMemory', () => {
  it('works a case of ordinary size as a whole', () => {
    const small = plan(images([200, 200, 200]), native, 5, 8 * GIB);
    expect(small.way).toBe('whole');
    // Tensor of two channels; the mean of the networks and one network's logits, three classes.
    expect(small.parts).toMatchObject({ tensor: 8 * 200 ** 3, logits: 2 * 12 * 200 ** 3 });
  });

  it('keeps a whole-body CT at native spacing below 4 GiB although there is more', () => {
    const found = plan(wholeBody, native, 1, 24 * GIB);
    expect(found.way).toBe('slabs');
    expect(total(found.parts)).toBeLessThan(4 * GIB);
    const row = 128 * 512 * 512;
    expect(found.parts).toMatchObject({ logits: 12 * row, labels: 512 * 512 * 1100 });
    expect(found.parts['tensor']).toBeLessThan(8 * row + GIB / 4);
  });

  it('lets networks share one sum only where there is no memory for a sum of each', () => {
    expect(plan(wholeBody, native, 4, 24 * GIB).way).toBe('slabs');
    expect(plan(wholeBody, native, 4, 4 * GIB).way).toBe('joint-slabs');
    const { inference } = native;
    const halves: SegmentationRecipe = {
      ...native,
      inference: { ...inference, arithmetic: 'float16' },
    };
    expect(() => plan(wholeBody, halves, 8, 4 * GIB)).toThrow('OUT_OF_MEMORY');
  });

  it.each<[string, SegmentationRecipe, number, RegExp]>([
    [
      'windows of 1024³',
      { ...native, inference: { ...native.inference, roi: [1024, 1024, 1024] } },
      24,
      /would take \d+\.\d GiB \(.*network \d+.*24\.0 GiB are there.*windows of 1024 x 1024 x 1024.*smaller windows/,
    ],
    [
      'padding to 700³',
      {
        ...native,
        preprocessing: [
          ...native.preprocessing,
          { step: 'pad', size: [700, 700, 700], at: 'end', value: 0 },
        ],
      },
      1.5,
      /1\.5 GiB are there.*Likely cause: 700 x 700 x 700 voxels after preprocessing.*coarser spacing/,
    ],
    [
      'resizing to 1000³',
      {
        ...native,
        preprocessing: [{ step: 'resize-area', size: [1000, 1000, 1000], grids: 'own' }],
      },
      8,
      /8\.0 GiB are there.*1000 x 1000 x 1000 voxels/,
    ],
  ])('refuses %s before the work', (_, recipe, gibibytes, words) => {
    let thrown: unknown;
    try {
      plan(images([100, 100, 100]), recipe, 1, gibibytes * GIB);
    } catch (error) {
      thrown = error;
    }
    expect(isHecktorError(thrown, 'OUT_OF_MEMORY')).toBe(true);
    expect((thrown as Error).message).toMatch(words);
  });
});

describe('networkBytes', () => {
  const folder = '../golden/nnunet-folders/folders/plain/fold_0.onnx';
  const path = fileURLToPath(new URL(folder, import.meta.url));
  const network = { path, bytes: statSync(path).size };
  const { activations } = modelMemory(path);
  const of = (inference: EngineSettings, bfloat16?: 'AMX', openVino = true) => {
    const bytes = networkBytes([network], { voxels: 1, inference }, { openVino, bfloat16 });
    return Number(((bytes - 2 * network.bytes) / activations!).toFixed(3));
  };

  it('knows what takes fewer buffers than ONNX Runtime, on a machine that has it', () => {
    const [engine, precision] = ['openvino', 'bfloat16'] as const;
    expect(of({})).toBe(1.3);
    expect(of({ engine })).toBe(1.15);
    expect(of({ engine, precision }, 'AMX')).toBe(0.75);
    expect(of({ engine, precision })).toBe(1.15);
    expect(of({ engine, precision }, undefined, false)).toBe(1.3);
  });
});

describe('checkMemory', () => {
  const log = createLog(() => undefined);
  const { preprocessing, tensor } = native;

  it('passes what fits and refuses what does not', () => {
    const layouts = [{ preprocessing, tensor, models: [file] }];
    checkMemory(images([100, 100, 100]), layouts, { log }, 4 * GIB);
    expect(() => checkMemory(wholeBody, layouts, { log }, 8 * GIB)).toThrow(
      /OUT_OF_MEMORY.*512 x 512 x 1100 voxels/,
    );
  });
});
