import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import * as api from './index.ts';
import { parseStep, preprocess, runKernel, type KernelRunner } from './index.ts';
import { runSteps } from './testing/run-steps.ts';

const ct = createVolume(
  createGrid([6, 5, 4]),
  Int16Array.from({ length: 120 }, (_, i) => i - 40),
);
const pet = createVolume(
  createGrid([3, 3, 3], { spacing: [2, 2, 2] }),
  new Float32Array(27).fill(2),
);

describe('the public interface', () => {
  it('is what others rely on', () => {
    expect(Object.keys(api).sort()).toEqual([
      'STEP_SCHEMAS',
      'boundSize',
      'constantVolume',
      'coverage',
      'createLogitsInverter',
      'invertLabels',
      'invertLogits',
      'labelsFromTensor',
      'parseStep',
      'preprocess',
      'preprocessLazily',
      'resampleMask',
      'resampleVolume',
      'runInline',
      'runKernel',
    ]);
  });

  it('describes every step and every field of it', () => {
    for (const [name, schema] of Object.entries(api.STEP_SCHEMAS)) {
      expect(schema.properties.step.const).toBe(name);
      expect((schema as { description?: string }).description).toMatch(/\.$/);
      for (const property of Object.values(schema.properties)) {
        expect((property as { description?: string }).description).toMatch(/\.$/);
      }
    }
  });
});

describe('preprocess', () => {
  it('returns float32 copies when there are no steps', async () => {
    const { images, grid, records } = await runSteps({ ct }, []);
    expect(images['ct']!.data).toBeInstanceOf(Float32Array);
    expect(Array.from(images['ct']!.data)).toEqual(Array.from(ct.data));
    expect(grid.size).toEqual(ct.size);
    expect(records).toEqual([]);
    const floats = createVolume(createGrid([2, 2, 2]), new Float32Array(8));
    const copied = await runSteps({ pet: floats }, []);
    expect(copied.images['pet']!.data).not.toBe(floats.data);
  });

  it('needs images on one grid in the end, and names no step that is not there', async () => {
    await expect(runSteps({ ct, pet }, [])).rejects.toThrow(
      'the recipe is invalid: the tensor needs all images on one grid',
    );
  });

  it('does not change its images', async () => {
    const before = [ct.data.slice(), pet.data.slice()];
    await runSteps({ ct, pet }, [
      { step: 'resample', to: 'common-box' },
      { step: 'crop-neck', source: 'pet', size: [3, 3, 3] },
      { step: 'scale-intensity', image: 'ct', from: [-50, 50], to: [0, 1] },
      { step: 'min-max', image: 'pet' },
      { step: 'z-score', image: 'ct' },
      { step: 'pad', size: [7, 7, 7], value: 3 },
    ]);
    expect([ct.data, pet.data]).toEqual(before);
    const floats = createVolume(createGrid([2, 2, 2]), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    for (const step of ['z-score', 'min-max'])
      await runSteps({ pet: floats }, [{ step, image: 'pet' }]);
    expect(floats.data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  it('does not change its steps', async () => {
    const steps = [{ step: 'pad', size: [7, 7, 7] }];
    await runSteps({ ct }, steps);
    expect(steps).toEqual([{ step: 'pad', size: [7, 7, 7] }]);
  });

  it('gives the same result through a runner, which writes to shared memory', async () => {
    const kinds = new Set<string>();
    const run: KernelRunner = async (jobs) => {
      for (const job of jobs) {
        kinds.add(job.kind);
        const written = job.kind === 'evaluate' ? job.out : job.block.data;
        expect(written.buffer).toBeInstanceOf(SharedArrayBuffer);
        runKernel(structuredClone(job));
      }
    };
    const steps = [
      { step: 'resample', to: 'common-box', spacing: [0.7, 0.8, 0.9] },
      { step: 'crop-neck', source: 'pet', size: [4, 4, 4] },
      { step: 'z-score', image: 'ct' },
      { step: 'pad', size: [5, 5, 5], value: -1 },
    ];
    const inline = await runSteps({ ct, pet }, steps);
    const shared = await runSteps({ ct, pet }, steps, run);
    expect(Array.from(shared.images['ct']!.data)).toEqual(Array.from(inline.images['ct']!.data));
    expect(shared.records).toEqual(inline.records);
    expect([...kinds].sort()).toEqual(['evaluate', 'filter-columns', 'filter-slices']);
  });

  it('tells its progress', async () => {
    const told: [string, number][] = [];
    const steps = [parseStep({ step: 'z-score', image: 'ct' })];
    const layout = { channels: ['ct'], axes: ['x', 'y', 'z'] } as const;
    await preprocess({ ct }, steps, layout, {
      onProgress: (step, fraction) => told.push([step, fraction]),
    });
    expect(told).toEqual([
      ['z-score', 0],
      ['finish', 0.5],
      ['finish', 1],
    ]);
  });

  it('shows the padding, not the image, after a crop and a pad', async () => {
    const { images } = await runSteps({ ct }, [
      { step: 'crop-region', start: [1, 0, 0], size: [2, 5, 4] },
      { step: 'pad', size: [4, 5, 4], value: 9 },
    ]);
    expect(Array.from(images['ct']!.data.subarray(0, 4))).toEqual([-39, -38, 9, 9]);
  });

  it('lets values be seen by later steps once padded', async () => {
    const { images } = await runSteps({ ct }, [
      { step: 'pad', size: [8, 5, 4], value: 500 },
      { step: 'min-max', image: 'ct' },
      { step: 'pad', size: [9, 5, 4], value: -1 },
    ]);
    expect(Array.from(images['ct']!.data.subarray(5, 9))).toEqual([Math.fround(5 / 540), 1, 1, -1]);
  });
});

describe('preprocess, bad calls', () => {
  const apart = createVolume(createGrid([3, 3, 3], { origin: [900, 0, 0] }), new Float32Array(27));
  type Entry = { step: string; [key: string]: unknown };
  const box = { step: 'resample', to: 'common-box' };
  const bad: [string, string, Record<string, Volume<NumericVoxelArray>>, Entry[]][] = [
    ['no image', 'INVALID_ARGUMENT', {}, []],
    ['an unknown step', 'RECIPE_INVALID', { ct }, [{ step: 'resampel' }]],
    ['no step name', 'RECIPE_INVALID', { ct }, [{} as Entry]],
    ['an inherited name', 'RECIPE_INVALID', { ct }, [{ step: 'toString' }]],
    ['an unknown key', 'RECIPE_INVALID', { ct }, [{ ...box, spacings: [1, 1, 1] }]],
    ['a short vector', 'RECIPE_INVALID', { ct }, [{ step: 'pad', size: [1, 2] }]],
    ['a spacing of 0', 'RECIPE_INVALID', { ct }, [{ ...box, spacing: [1, 1, 0] }]],
    ['an unknown image', 'RECIPE_INVALID', { ct }, [{ step: 'min-max', image: 'mr' }]],
    ['different grids', 'RECIPE_INVALID', { ct, pet }, [{ step: 'pad', size: [9, 9, 9] }]],
    ['different grids at the end', 'RECIPE_INVALID', { ct, pet }, []],
    ['images far apart', 'IMAGES_DO_NOT_OVERLAP', { ct, apart }, [box]],
    [
      'no foreground',
      'NO_FOREGROUND',
      { ct },
      [{ step: 'crop-foreground', image: 'ct', above: 999 }],
    ],
    [
      'no range',
      'RECIPE_INVALID',
      { ct },
      [{ step: 'scale-intensity', image: 'ct', from: [2, 2], to: [0, 1] }],
    ],
    [
      'a region outside',
      'RECIPE_INVALID',
      { ct },
      [{ step: 'crop-region', start: [6, 0, 0], size: [1, 1, 1] }],
    ],
    ['letters that are no axes', 'RECIPE_INVALID', { ct }, [{ step: 'reorient', axcodes: 'RLS' }]],
    ['too many voxels', 'OUT_OF_MEMORY', { ct }, [{ ...box, spacing: [1e-4, 1e-4, 1e-4] }]],
    [
      'a pad no array can hold',
      'RECIPE_INVALID',
      { ct },
      [{ step: 'pad', size: [1024, 1024, 1024] }],
    ],
    [
      'a size no array can hold',
      'RECIPE_INVALID',
      { ct },
      [{ step: 'resize-area', size: [1024, 1024, 1024] }],
    ],
    ['too few voxels', 'INVALID_ARGUMENT', { ct: { ...ct, data: ct.data.subarray(1) } }, []],
    [
      'not finite values',
      'IMAGE_NOT_FINITE',
      {
        pet: createVolume(createGrid([2, 1, 1]), Float32Array.of(1, NaN)),
      },
      [{ step: 'z-score', image: 'pet' }],
    ],
  ];
  it.each(bad)('refuses %s', async (_, code, images, steps) => {
    await expect(runSteps(images, steps)).rejects.toMatchObject({ code });
  });

  it('refuses 64-bit integers', async () => {
    const long = emptyVolume(createGrid([2, 2, 2]), 'int64');
    await expect(
      runSteps({ ct: long as unknown as Volume<NumericVoxelArray> }, []),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('says how large the padded images would be', async () => {
    await expect(runSteps({ ct }, [{ step: 'pad', size: [1024, 1024, 1024] }])).rejects.toThrow(
      '1024 x 1024 x 1024 voxels of 6 x 5 x 4, 4.0 GiB',
    );
  });

  it('names the field that is wrong', async () => {
    await expect(runSteps({ ct }, [{ step: 'pad', size: [1, 2, 'x'] }])).rejects.toThrow(
      'step "pad" at /size/2',
    );
  });
});
