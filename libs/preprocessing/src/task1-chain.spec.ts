import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { expectGrid, expectVolume, maxDifference, readGoldenJson } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';
import { labelsFromTensor, invertLabels, type StepRecord } from './index.ts';
import {
  goldenArrays,
  goldenGrid,
  type GoldenArray,
  type GoldenGrid,
  type GoldenVolume,
} from './testing/golden.ts';
import { runSteps } from './testing/run-steps.ts';

type SpatialRecord = Exclude<StepRecord, { kind: 'intensity' | 'reset-geometry' }>;

interface Case {
  name: string;
  ct: GoldenVolume;
  pet: GoldenVolume;
  commonGrid: GoldenGrid;
  neckStart: number[];
  neckSize: number[];
  foregroundStart: number[];
  foregroundSize: number[];
  dims: number[];
  tensor: GoldenArray;
  labels: GoldenArray;
  exact: GoldenVolume;
  template?: GoldenVolume;
}

const folder = new URL('../golden/', import.meta.url);
const facts = readGoldenJson<{ box: number[]; cases: Case[] }>(new URL('task1-chain.json', folder));
const golden = goldenArrays(readFileSync(new URL('task1-chain.bin', folder)));

const STEPS = [
  {
    step: 'resample',
    to: 'common-box',
    spacing: [1, 1, 1],
    extent: 'origin-plus-size',
    interpolation: 'bspline',
    outside: { ct: 0, pet: 0 },
    pixelType: 'keep',
  },
  { step: 'crop-neck', source: 'pet', topFraction: 0.25, zScore: 1, size: facts.box },
  { step: 'scale-intensity', image: 'ct', from: [-250, 250], to: [-6, 6], clip: true },
  { step: 'z-score', image: 'pet', nonzero: true },
  { step: 'crop-foreground', image: 'ct', above: 0, margin: 0 },
  { step: 'pad', size: facts.box, at: 'end', value: 0 },
];

describe('the chain of task 1', () => {
  describe.each(facts.cases)('$name', (entry) => {
    const images = { ct: golden.volume(entry.ct), pet: golden.volume(entry.pet) };
    const prepared = runSteps(images, STEPS);

    it('finds the boxes of SimpleITK, scikit-image and MONAI', async () => {
      const { records } = await prepared;
      const [resample, neck, , , foreground] = records as readonly SpatialRecord[];
      expectGrid(resample!.after, goldenGrid(entry.commonGrid), 1e-12);
      expect(neck).toMatchObject({ start: entry.neckStart, after: { size: entry.neckSize } });
      expect(foreground).toMatchObject({
        start: entry.foregroundStart,
        after: { size: entry.foregroundSize },
      });
    });

    it('makes the same tensor', async () => {
      const tensor = await (
        await prepared
      ).tensor({ channels: ['ct', 'pet'], axes: ['y', 'x', 'z'] });
      expect(tensor.dims).toEqual(entry.dims);
      const expected = golden.array(entry.tensor);
      const integers = ['int16', 'uint16'].includes(entry.ct.data.type);
      const half = expected.length / 2;
      // One HU is 0.024 after scaling; 1e-3 HU next to an integer truncates either way.
      const ct = differing(tensor.data.subarray(0, half), expected.subarray(0, half), 1e-4);
      const pet = differing(tensor.data.subarray(half), expected.subarray(half), 1e-3);
      expect(ct).toBeLessThanOrEqual(integers ? 5 : 0);
      expect(pet).toBeLessThanOrEqual(0);
    });

    it('puts labels back exactly', async () => {
      const restored = await invertLabels(
        await preparedLabels(),
        (await prepared).records,
        images.ct,
        { mode: 'exact' },
      );
      expectVolume(restored, golden.volume(entry.exact));
    });

    it('puts labels back as the template does', async () => {
      const { records } = await prepared;
      const restored = invertLabels(await preparedLabels(), records, images.ct, {
        mode: 'template-2025',
      });
      if (entry.template === undefined) {
        expect(maxDifference((await restored).size, images.ct.size).value).toBe(0);
      } else {
        expectVolume(await restored, golden.volume(entry.template));
        expect((await restored).data).not.toEqual(golden.volume(entry.exact).data);
      }
    });

    it('does not change the images', () => {
      expect(images.ct.data).toEqual(golden.array(entry.ct.data));
      expect(images.pet.data).toEqual(golden.array(entry.pet.data));
    });

    async function preparedLabels(): Promise<Volume<Uint8Array>> {
      const { grid } = await prepared;
      const zyx = golden.array(entry.labels) as Uint8Array;
      const [nx, ny, nz] = grid.size;
      return labelsFromTensor(zyx, [1, nz, ny, nx], ['z', 'y', 'x'], grid);
    }
  });
});

function differing(a: ArrayLike<number>, b: ArrayLike<number>, limit: number): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i]! - b[i]!) <= limit)) count++;
  return count;
}
