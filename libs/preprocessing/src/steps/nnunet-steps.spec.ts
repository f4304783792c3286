import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { parseStep } from '../parse-step.ts';
import { preprocess } from '../preprocess.ts';
import { runSteps } from '../testing/run-steps.ts';

function volume(size: Vec3, values: (x: number, y: number, z: number) => number) {
  const data = new Float32Array(size[0] * size[1] * size[2]);
  data.forEach((_, i) => {
    const row = Math.floor(i / size[0]);
    data[i] = values(i % size[0], row % size[1], Math.floor(row / size[1]));
  });
  return createVolume(createGrid(size), data);
}

describe('resample to an image', () => {
  const direction = Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1);
  const grid = createGrid([4, 3, 2], { spacing: [1, 2, 3], origin: [3, 0, 0], direction });
  const ct = createVolume(
    grid,
    Float32Array.from({ length: 24 }, (_, i) => i / 3),
  );
  const pet = volume([8, 8, 8], (x, y, z) => x + 10 * y + 100 * z);
  const lowres = createVolume(
    grid,
    Uint8Array.from({ length: 24 }, (_, i) => i % 3),
  );
  const step = { step: 'resample', to: 'image', image: 'ct', interpolation: 'linear' };

  it('puts the others onto its grid and leaves what lies there to the last bit', async () => {
    const { images, grid: after, records } = await runSteps({ ct, pet, lowres }, [step]);
    expect(after).toEqual(grid);
    expect(images['ct']!.data).toEqual(ct.data);
    expect([...images['lowres']!.data]).toEqual([...lowres.data]);
    // x runs backwards from world 3.
    expect([...images['pet']!.data.subarray(0, 5)]).toEqual([3, 2, 1, 0, 23]);
    expect(records[0]).toMatchObject({ kind: 'resample', before: null });
  });

  it('asks for the image', async () => {
    const unnamed = { step: 'resample', to: 'image' };
    await expect(runSteps({ ct, pet }, [unnamed])).rejects.toThrow(/does not name the image/);
  });
});

describe('crop-nonzero', () => {
  const ball = (x: number, y: number, z: number): number =>
    Math.max(Math.abs(x - 3), Math.abs(y - 3), Math.abs(z - 3));
  // A shell, one voxel of which is missing in `bay`.
  const shell = volume([8, 7, 7], (x, y, z) => (ball(x, y, z) === 2 ? 5 : 0));
  const bay = volume([8, 7, 7], (x, y, z) =>
    ball(x, y, z) === 2 && !(x === 1 && y === 3 && z === 3) ? 5 : 0,
  );
  const step = { step: 'crop-nonzero', mask: 'nonzero' };

  it('cuts to the box and fills holes, but not bays', async () => {
    const filled = await runSteps({ ct: shell }, [step]);
    expect(filled.grid.size).toEqual([5, 5, 5]);
    expect(filled.grid.origin).toEqual([1, 1, 1]);
    expect(filled.images['nonzero']!.data.every((v) => v === 1)).toBe(true);
    const open = await runSteps({ ct: bay }, [step]);
    expect(open.images['nonzero']!.data.filter((v) => v === 0)).toHaveLength(28);
  });

  it('looks at the named images only', async () => {
    const all = volume([8, 7, 7], () => 1);
    const named = { ...step, images: ['ct'] };
    expect((await runSteps({ ct: shell, pet: all }, [named])).grid.size).toEqual([5, 5, 5]);
    expect((await runSteps({ ct: shell, pet: all }, [step])).grid.size).toEqual([8, 7, 7]);
  });

  it('refuses images of zeros', async () => {
    const empty = volume([3, 3, 3], () => 0);
    await expect(runSteps({ ct: empty }, [step])).rejects.toMatchObject({ code: 'NO_FOREGROUND' });
  });
});

describe('z-score with a mask', () => {
  const pet = volume([4, 1, 1], (x) => [7, 1, 3, 0][x]!);
  const mask = volume([4, 1, 1], (x) => [0, 1, 1, 1][x]!);

  it('counts zeros inside and leaves what is outside', async () => {
    const step = { step: 'z-score', image: 'pet', mask: 'mask' };
    const { images, records } = await runSteps({ pet, mask }, [step]);
    const deviation = Math.sqrt(14) / 3;
    [7, -1 / 3 / deviation, 5 / 3 / deviation, -4 / 3 / deviation].forEach((expected, i) =>
      expect(images['pet']!.data[i]).toBeCloseTo(expected, 6),
    );
    expect(records[0]).toMatchObject({ found: { count: 3, mean: 4 / 3 } });
    expect(pet.data[1]).toBe(1);
  });
});

describe('resample-to-spacing', () => {
  it('keeps the outer voxel edges and rounds halves to even', async () => {
    const ct = volume([5, 4, 2], (x) => x);
    const step = { step: 'resample-to-spacing', spacing: [2, 1, 0.8] };
    const { grid, records } = await runSteps({ ct }, [step]);
    expect(grid.size).toEqual([2, 4, 2]);
    expect(grid.spacing).toEqual([2.5, 1, 1]);
    expect(grid.origin).toEqual([0.75, 0, 0]);
    expect(records[0]).toMatchObject({ kind: 'resize', spacing: [2, 1, 0.8] });
  });

  it('refuses a spacing that leaves no voxel', async () => {
    const ct = volume([5, 4, 1], () => 1);
    const step = { step: 'resample-to-spacing', spacing: [1, 1, 3] };
    await expect(runSteps({ ct }, [step])).rejects.toThrow(/leaves no voxel/);
  });
});

describe('one-hot', () => {
  it('replaces labels by masks', async () => {
    const lowres = volume([4, 1, 1], (x) => [0, 1, 2, 1][x]!);
    const step = { step: 'one-hot', image: 'lowres', labels: [1, 2] };
    const { images } = await runSteps({ lowres }, [step]);
    expect(Object.keys(images)).toEqual(['lowres-1', 'lowres-2']);
    expect([...images['lowres-1']!.data]).toEqual([0, 1, 0, 1]);
    expect([...images['lowres-2']!.data]).toEqual([0, 0, 1, 0]);
  });
});

describe('images that are no channel', () => {
  it('are not resampled, nor read', async () => {
    const ct = volume([4, 3, 2], (x) => x);
    const pet = volume([4, 3, 2], () => NaN);
    const steps = [parseStep({ step: 'resample-to-spacing', spacing: [0.5, 1, 1] })];
    const layout = { channels: ['ct'], axes: ['z', 'y', 'x'] } as const;
    const { tensor } = await preprocess({ ct, pet }, steps, layout);
    expect(tensor.dims).toEqual([1, 1, 2, 3, 8]);
    const both = { ...layout, channels: ['ct', 'pet'] };
    await expect(preprocess({ ct, pet }, steps, both)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FINITE',
    });
  });
});
