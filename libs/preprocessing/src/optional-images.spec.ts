import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import type { Grid, Volume } from '@hecktor/volume';
import { constantVolume, coverage, parseStep } from './index.ts';
import { createEngine } from './engine.ts';
import { arrayImage } from './lazy-image.ts';
import { neckBox } from './steps/crop-neck.ts';
import { averageImage } from './steps/resize-area.ts';
import { runSteps } from './testing/run-steps.ts';

const OBLIQUE = Float64Array.of(0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1);
const ctGrid = createGrid([12, 10, 8], { spacing: [2, 2, 3], origin: [-10, 5, 20] });
const petGrid = createGrid([7, 6, 7], { spacing: [4, 4, 4], origin: [-12, 4, 18] });

/** The world's x at every voxel. */
function ramp(grid: Grid): Volume<Float32Array> {
  const volume = emptyVolume(grid, 'float32');
  const [nx, ny] = grid.size;
  for (let i = 0; i < volume.data.length; i++) {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    const d = grid.direction;
    volume.data[i] =
      grid.origin[0] +
      d[0]! * x * grid.spacing[0] +
      d[1]! * y * grid.spacing[1] +
      d[2]! * z * grid.spacing[2];
  }
  return volume;
}

const resample = { step: 'resample', to: 'common-box', extent: 'voxel-edges' };

describe('images beside CT and PET', () => {
  const ct = ramp(ctGrid);
  const pet = ramp(petGrid);

  it('come onto the box of CT and PET by their positions in the world', async () => {
    const doseGrid = createGrid([20, 20, 9], {
      spacing: [3, 3, 5],
      origin: [-14, -20, 10],
      direction: OBLIQUE,
    });
    const alone = await runSteps({ ct, pet }, [{ ...resample, interpolation: 'linear' }]);
    const steps = [{ ...resample, interpolation: 'linear' }];
    const { images, grid, records } = await runSteps({ ct, pet, 'rt-dose': ramp(doseGrid) }, steps);
    expect(grid).toEqual(alone.grid);
    expect(records[0]).toMatchObject({ coverage: { ct: 1, pet: 1, 'rt-dose': 1 } });
    const { data } = images['rt-dose']!;
    for (let x = 0; x < grid.size[0]; x++) expect(data[x]).toBeCloseTo(grid.origin[0] + x, 4);
  });

  it('that lie elsewhere are their outside value, and the record says so', async () => {
    const away = ramp(createGrid([3, 3, 3], { origin: [900, 0, 0] }));
    const steps = [{ ...resample, outside: { 'ct-planning': -1000 } }];
    const { images, records } = await runSteps({ ct, pet, 'ct-planning': away }, steps);
    expect(new Set(images['ct-planning']!.data)).toEqual(new Set([-1000]));
    expect(records[0]).toMatchObject({ coverage: { 'ct-planning': 0, ct: 1 } });
  });

  it('make the box themselves when the recipe says so', async () => {
    const steps = [{ ...resample, box: ['pet'] }];
    const { grid, records } = await runSteps({ ct, pet }, steps);
    expect(grid.size).toEqual([28, 24, 28]);
    const { coverage: share } = records[0] as { coverage: Record<string, number> } & object;
    expect(share['pet']).toBe(1);
    expect(share['ct']).toBeGreaterThan(0.3);
    expect(share['ct']).toBeLessThan(0.9);
    const unknown = runSteps({ ct, pet }, [{ ...resample, box: ['dose'] }]);
    await expect(unknown).rejects.toMatchObject({ code: 'RECIPE_INVALID' });
  });

  it.each([
    ['a box of nothing', { ...resample, box: [] }],
    ['a box of the same image twice', { ...resample, box: ['ct', 'ct'] }],
    [
      'an order of axes that does not exist',
      { step: 'crop-neck', source: 'pet', size: [1, 1, 1], order: 'yxz' },
    ],
    [
      'an overhang that does not exist',
      { step: 'crop-neck', source: 'pet', size: [1, 1, 1], overhang: 'cut' },
    ],
    ['grids of another kind', { step: 'resize-area', size: [1, 1, 1], grids: 'each' }],
    ['geometry forgotten by a number', { step: 'reset-geometry', images: [3] }],
  ])('refuses %s', (_, entry) => {
    expect(() => parseStep(entry)).toThrow(expect.objectContaining({ code: 'RECIPE_INVALID' }));
  });

  it('refuses to reset the geometry of an image that is not there', async () => {
    const steps = [{ step: 'reset-geometry', images: ['dose'] }];
    await expect(runSteps({ ct, pet }, steps)).rejects.toMatchObject({ code: 'RECIPE_INVALID' });
  });
});

describe('constantVolume', () => {
  it.each([
    ['a plain grid', ctGrid],
    ['an oblique grid', { ...ctGrid, direction: OBLIQUE }],
    ['a single voxel', createGrid([1, 1, 1])],
  ])('has its value all over %s', async (_, grid) => {
    const constant = constantVolume(-1000, grid);
    expect(coverage(constant, grid)).toBe(1);
    const ct = emptyVolume(grid, 'int16');
    for (const interpolation of ['bspline', 'linear', 'nearest']) {
      const steps = [{ ...resample, interpolation, outside: { plan: 7 }, box: ['ct'] }];
      const { images } = await runSteps({ ct, plan: constant }, steps);
      expect(new Set(images['plan']!.data)).toEqual(new Set([-1000]));
    }
  });

  it('refuses what no voxel can hold', () => {
    for (const value of [NaN, Infinity, 1e39]) {
      expect(() => constantVolume(value, ctGrid)).toThrow('INVALID_ARGUMENT');
    }
    expect(() => constantVolume(0, { ...ctGrid, spacing: [0, 1, 1] })).toThrow(
      'IMAGE_GEOMETRY_INVALID',
    );
  });
});

describe('coverage', () => {
  it('is the share of voxel centres inside an image', () => {
    const half = createGrid([6, 10, 8], { ...ctGrid });
    expect(coverage(half, ctGrid)).toBe(0.5);
    expect(coverage(ctGrid, half)).toBe(1);
    expect(coverage({ ...half, origin: [500, 0, 0] }, ctGrid)).toBe(0);
    const flipped = {
      ...half,
      origin: [0, 5, 20] as const,
      direction: Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1),
    };
    expect(coverage(flipped, ctGrid)).toBe(0.5);
  });

  it('does not count the voxels of huge grids one by one', () => {
    const fine = createGrid([2 ** 20, 2 ** 20, 2 ** 20], {
      ...ctGrid,
      spacing: [1e-5, 1e-5, 1e-5],
    });
    expect(coverage(ctGrid, fine)).toBe(1);
  });
});

describe('resize-area', () => {
  it('does not depend on how much is averaged at once', async () => {
    const data = Float32Array.from({ length: 11 * 9 * 23 }, (_, i) => Math.sin(i) * 100);
    const volume = createVolume(createGrid([11, 9, 23]), data);
    const image = arrayImage('ct', volume);
    const results = [];
    for (const most of [1, 11 * 9 * 4, 1e6]) {
      const out = new Float32Array(5 * 12 * 7);
      await averageImage(image, out, [5, 12, 7], createEngine(), most);
      results.push(out);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('on own grids takes the grid of the first image', async () => {
    const steps = [{ step: 'resize-area', size: [4, 4, 4], grids: 'own' }];
    const { grid, images } = await runSteps({ ct: ramp(ctGrid), pet: ramp(petGrid) }, steps);
    expect(grid.spacing).toEqual([6, 5, 6]);
    expect(images['pet']!.spacing).toEqual([6, 5, 6]);
    const common = runSteps({ ct: ramp(ctGrid), pet: ramp(petGrid) }, [
      { step: 'resize-area', size: [4, 4, 4] },
    ]);
    await expect(common).rejects.toMatchObject({ code: 'RECIPE_INVALID' });
  });
});

describe('the neck box', () => {
  const request = { centre: [40, 5, 95], wanted: [20, 30, 20], size: [100, 90, 100] } as const;
  it('is moved up by the template of task 1 and cut by that of tasks 2 and 3', () => {
    const shifted = neckBox({ ...request, overhang: 'shift' });
    expect(shifted).toEqual({ start: [30, 0, 80], size: [20, 30, 20] });
    const cut = neckBox({ ...request, overhang: 'truncate' });
    expect(cut).toEqual({ start: [30, 0, 80], size: [20, 20, 20] });
  });
});
