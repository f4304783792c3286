import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@hecktor/testing';
import { createGrid, createVolume, emptyVolume, voxelCount, voxelToWorld } from '@hecktor/volume';
import type { Grid, Vec3, Volume } from '@hecktor/volume';
import { runSteps } from '../testing/run-steps.ts';
import { invertLabels } from './invert-labels.ts';

type Step = { step: string; [key: string]: unknown };

const AXCODES = ['RAS', 'LPS', 'SAR', 'PIL', 'ASR', 'IRP'];
const TRIALS = 40;

function rotation(angle: number): Float64Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Float64Array.of(c, -s, 0, s, c, 0, 0, 0, 1);
}

/** Crops, pads and turns in random order; nothing that changes the voxels' size. */
function randomSteps(seed: number, size: Vec3): Step[] {
  const random = createRandom(seed);
  const integer = (low: number, high: number): number =>
    low + Math.floor(random.next() * (high - low + 1));
  const least = Math.min(...size);
  const makers: (() => Step)[] = [
    () => ({ step: 'reorient', axcodes: AXCODES[integer(0, AXCODES.length - 1)] }),
    () => ({
      step: 'crop-region',
      start: [integer(0, least - 2), integer(0, 1), integer(0, 1)],
      size: [integer(2, 9), integer(2, 9), integer(2, 9)],
    }),
    () => ({
      step: 'pad',
      size: [integer(1, 14), integer(1, 14), integer(1, 14)],
      at: random.next() < 0.5 ? 'both' : 'end',
    }),
    () => ({ step: 'crop-foreground', image: 'ct', above: integer(1, 120), margin: integer(0, 2) }),
  ];
  return Array.from({ length: integer(1, 6) }, () => makers[integer(0, makers.length - 1)]!());
}

describe('invertLabels, exact', () => {
  it('puts every voxel that survived back where it was, after any steps in any order', async () => {
    let tried = 0;
    for (let seed = 1; seed <= TRIALS; seed++) {
      const random = createRandom(1000 + seed);
      const length = (): number => 3 + Math.floor(random.next() * 9);
      const grid = createGrid([length(), length(), length()], {
        spacing: [0.8, 1.3, 2.9],
        origin: [-17, 3, 41],
        direction: rotation(seed % 2 === 0 ? 0.4 : 0),
      });
      const ct = createVolume(
        grid,
        Uint8Array.from({ length: voxelCount(grid) }, () => 1 + Math.floor(random.next() * 255)),
      );
      const prepared = await tryRun(ct, randomSteps(seed, grid.size));
      if (prepared === undefined) continue;
      tried++;
      const labels = createVolume(prepared.grid, Uint8Array.from(prepared.images['ct']!.data));
      const restored = await invertLabels(labels, prepared.records, grid, { mode: 'exact' });
      const wrong = restored.data.filter((v, i) => v !== 0 && v !== ct.data[i]).length;
      expect(wrong).toBe(0);
      expect(nonzero(restored.data)).toBe(nonzero(labels.data));
    }
    expect(tried).toBeGreaterThan(TRIALS / 2);
  });

  it('keeps a ball where it is in the world when voxels change their size', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const ct = createVolume(
        createGrid([31, 29, 17], {
          spacing: [1.1, 1.2, 2.3],
          origin: [-15, -18, -20],
          direction: rotation(seed % 2 === 0 ? 0.2 : 0),
        }),
        new Int16Array(31 * 29 * 17).fill(100),
      );
      const pet = createVolume(
        createGrid([13, 14, 12], { spacing: [3, 3, 3.5], origin: [-18, -19, -21] }),
        new Float32Array(13 * 14 * 12).fill(1),
      );
      const middle: Step[][] = [
        [{ step: 'crop-region', start: [2, 3, 2], size: [27, 25, 30] }],
        [{ step: 'reorient', axcodes: AXCODES[seed - 1] }],
        [{ step: 'pad', size: [37, 36, 39], at: 'both' }],
        [{ step: 'resize-area', size: [33, 35, 31] }],
      ];
      const order = [0, 1, 2, 3].map((i) => (i + seed) % 4);
      const { grid, records } = await runSteps({ ct, pet }, [
        { step: 'resample', to: 'common-box', extent: 'voxel-edges', outside: { ct: -1000 } },
        ...order.flatMap((i) => middle[i]!),
      ]);
      const labels = emptyVolume(grid, 'uint8');
      paintBall(labels, 7);
      const restored = await invertLabels(labels, records, ct, { mode: 'exact' });
      let wrong = 0;
      for (const { value, distance } of voxelsOf(restored)) {
        if (distance < 7 - 2 ? value !== 1 : distance > 7 + 2 && value !== 0) wrong++;
      }
      expect(wrong).toBe(0);
      expect(nonzero(restored.data)).toBeGreaterThan(100);
    }
  });

  it('drops labels that were painted on padding', async () => {
    const ct = createVolume(createGrid([4, 4, 4]), new Float32Array(64).fill(1));
    const { grid, records } = await runSteps({ ct }, [
      { step: 'crop-region', start: [1, 1, 1], size: [2, 2, 2] },
      { step: 'pad', size: [6, 6, 6], at: 'both' },
    ]);
    const labels = createVolume(grid, new Uint8Array(216).fill(1));
    const restored = await invertLabels(labels, records, ct, { mode: 'exact' });
    expect(nonzero(restored.data)).toBe(8);
    expect(restored.data[1 + 4 * (1 + 4 * 1)]).toBe(1);
  });

  it('does not change its labels and says how far it is', async () => {
    const labels = createVolume(createGrid([3, 2, 2]), new Uint8Array(12).fill(3));
    const progress: number[] = [];
    const restored = await invertLabels(
      labels,
      [],
      labels,
      { mode: 'exact' },
      { onProgress: (fraction) => progress.push(fraction) },
    );
    expect(restored.data).toEqual(labels.data);
    expect(restored.data).not.toBe(labels.data);
    expect(progress).toEqual([0, 1]);
  });
});

describe('invertLabels, bad calls', () => {
  const ct = createVolume(createGrid([8, 8, 8]), new Float32Array(512).fill(1));

  it('refuses labels of another size than the prepared grid', async () => {
    const { records } = await runSteps({ ct }, [{ step: 'pad', size: [9, 9, 9] }]);
    const labels = emptyVolume(createGrid([8, 8, 8]), 'uint8');
    await expect(invertLabels(labels, records, ct, { mode: 'exact' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it.each([
    ['without a neck crop', [{ step: 'resample', to: 'common-box' }]],
    [
      'with a step the template lacks',
      [
        { step: 'resample', to: 'common-box' },
        { step: 'crop-neck', source: 'ct', size: [4, 4, 4] },
        { step: 'reorient', axcodes: 'RAS' },
      ],
    ],
    [
      'with labels smaller than the neck box',
      [
        { step: 'resample', to: 'common-box' },
        { step: 'crop-neck', source: 'ct', size: [6, 6, 6] },
        { step: 'crop-region', start: [0, 0, 0], size: [3, 3, 3] },
      ],
    ],
  ] as [string, Step[]][])('refuses "template-2025" %s', async (_, steps) => {
    const { grid, records } = await runSteps({ ct }, steps);
    const labels = emptyVolume(grid, 'uint8');
    await expect(
      invertLabels(labels, records, ct, { mode: 'template-2025' }),
    ).rejects.toMatchObject({ code: 'RESTORE_IMPOSSIBLE' });
  });
});

/** Runs steps; undefined when they leave nothing to crop to. */
async function tryRun(ct: Volume<Uint8Array>, steps: Step[]) {
  try {
    return await runSteps({ ct }, steps);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'NO_FOREGROUND' || code === 'RECIPE_INVALID') return undefined;
    throw error;
  }
}

function nonzero(values: Uint8Array): number {
  return values.reduce((count, v) => count + (v === 0 ? 0 : 1), 0);
}

function paintBall(labels: Volume<Uint8Array>, radius: number): void {
  let i = 0;
  for (const { distance } of voxelsOf(labels)) labels.data[i++] = distance < radius ? 1 : 0;
}

function* voxelsOf(
  volume: Grid & { data: Uint8Array },
): Generator<{ value: number; distance: number }> {
  let i = 0;
  for (let z = 0; z < volume.size[2]; z++) {
    for (let y = 0; y < volume.size[1]; y++) {
      for (let x = 0; x < volume.size[0]; x++) {
        const [a, b, c] = voxelToWorld(volume, [x, y, z]);
        yield { value: volume.data[i++]!, distance: Math.hypot(a - 1, b + 2, c + 1) };
      }
    }
  }
}
