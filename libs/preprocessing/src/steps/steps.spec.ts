import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { expectGrid, maxDifference, readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, largestComponent } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import {
  goldenArrays,
  goldenGrid,
  type GoldenArray,
  type GoldenGrid,
  type GoldenVolume,
} from '../testing/golden.ts';
import { runSteps } from '../testing/run-steps.ts';

const folder = new URL('../../golden/', import.meta.url);
const facts = readGoldenJson<{
  volume: GoldenVolume;
  scaled: GoldenArray;
  unclipped: GoldenArray;
  zNonzero: GoldenArray;
  zAll: GoldenArray;
  minMax: GoldenArray;
  minMaxEpsilon: GoldenArray;
  padEnd: GoldenArray;
  padBoth: GoldenArray;
  foreground: { margin: number; start: number[]; size: number[] }[];
  area: { size: number[]; data: GoldenArray }[];
  oriented: { axcodes: string; source: GoldenGrid; expected: GoldenVolume }[];
  orientedFrom: GoldenArray;
  components: { size: number[]; mask: GoldenArray; count?: number; centroid?: number[] }[];
}>(new URL('steps.json', folder));
const golden = goldenArrays(readFileSync(new URL('steps.bin', folder)));
const ct = golden.volume(facts.volume);

async function run(step: { step: string; [key: string]: unknown }) {
  const prepared = await runSteps({ ct }, [step]);
  return { ...prepared.images['ct']!, record: prepared.records[0]! };
}

describe('steps that change values, against MONAI', () => {
  const table: [string, GoldenArray, { step: string; [key: string]: unknown }, number][] = [
    [
      'scale-intensity, clipped',
      facts.scaled,
      { step: 'scale-intensity', image: 'ct', from: [-250, 250], to: [-6, 6], clip: true },
      0,
    ],
    [
      'scale-intensity, falling',
      facts.unclipped,
      { step: 'scale-intensity', image: 'ct', from: [-100, 37.5], to: [2, -1] },
      0,
    ],
    ['z-score, non-zero', facts.zNonzero, { step: 'z-score', image: 'ct', nonzero: true }, 1e-6],
    ['z-score', facts.zAll, { step: 'z-score', image: 'ct' }, 1e-6],
    ['min-max', facts.minMax, { step: 'min-max', image: 'ct' }, 1e-7],
    [
      'min-max, epsilon',
      facts.minMaxEpsilon,
      { step: 'min-max', image: 'ct', epsilon: 1e-5 },
      1e-7,
    ],
  ];
  it.each(table)('%s', async (_, expected, step, tolerance) => {
    const { data, record, ...grid } = await run(step);
    expect(maxDifference(data, golden.array(expected)).value).toBeLessThanOrEqual(tolerance);
    expect(record).toMatchObject({ kind: 'intensity', step: step.step, image: 'ct' });
    expectGrid(grid, ct);
  });

  it('leaves zeros of a non-zero z-score alone and a constant image finite', async () => {
    const constant = createVolume(createGrid([3, 2, 2]), new Float32Array(12).fill(5));
    for (const step of ['z-score', 'min-max']) {
      const prepared = await runSteps({ ct: constant }, [{ step, image: 'ct' }]);
      expect(Array.from(prepared.images['ct']!.data)).toEqual(new Array(12).fill(0));
    }
    const empty = createVolume(createGrid([3, 2, 2]), new Float32Array(12));
    const prepared = await runSteps({ ct: empty }, [
      { step: 'z-score', image: 'ct', nonzero: true },
    ]);
    expect(Array.from(prepared.images['ct']!.data)).toEqual(new Array(12).fill(0));
  });
});

describe('steps that change the grid', () => {
  it.each(facts.foreground)('crop-foreground with margin $margin', async (entry) => {
    const { margin, start, size } = entry;
    const { record, ...volume } = await run({ step: 'crop-foreground', image: 'ct', margin });
    expect(record).toMatchObject({ kind: 'crop', start });
    expect(volume.size).toEqual(size);
    expect(volume.data[0]).toBe(voxel(start as unknown as Vec3));
  });

  it('pad at the end', async () => {
    const { data, size } = await run({ step: 'pad', size: [16, 9, 10], value: -2 });
    expect(size).toEqual([16, 9, 10]);
    expect(maxDifference(data, golden.array(facts.padEnd)).value).toBe(0);
  });

  it('pad on both sides', async () => {
    const { data, size, origin } = await run({ step: 'pad', size: [16, 6, 10], at: 'both' });
    expect(size).toEqual([16, 9, 10]);
    expect(maxDifference(data, golden.array(facts.padBoth)).value).toBe(0);
    expect(origin[0]).toBeCloseTo(3 - 2 * 1.1, 12);
    expect(origin[2]).toBeCloseTo(5 - 1 * 2.5, 12);
  });

  it.each(facts.area)('resize-area to $size, bit by bit', async ({ size, data: expected }) => {
    const { data, spacing } = await run({ step: 'resize-area', size });
    expect(maxDifference(data, golden.array(expected)).value).toBe(0);
    expect(spacing[0] * size[0]!).toBeCloseTo(11 * 1.1, 10);
  });

  it.each(facts.oriented)('reorient to $axcodes', async ({ axcodes, source, expected }) => {
    const volume = createVolume(
      goldenGrid(source),
      golden.array(facts.orientedFrom) as Float32Array<ArrayBuffer>,
    );
    const prepared = await runSteps({ pet: volume }, [{ step: 'reorient', axcodes }]);
    expectGrid(prepared.grid, goldenGrid(expected), 1e-9);
    const wanted = golden.array(expected.data);
    expect(maxDifference(prepared.images['pet']!.data, wanted).value).toBe(0);
  });

  it('crop-region cuts what there is', async () => {
    const { size, data } = await run({ step: 'crop-region', start: [9, 2, 3], size: [5, 3, 99] });
    expect(size).toEqual([2, 3, 4]);
    expect(data[3]).toBe(voxel([10, 3, 3]));
  });
});

describe('largestComponent', () => {
  it.each(facts.components)('equals scikit-image: $size', ({ size, mask, count, centroid }) => {
    const found = largestComponent(golden.array(mask) as Uint8Array, size as unknown as Vec3);
    expect(found?.count).toBe(count);
    if (centroid !== undefined) {
      expect(maxDifference(found!.centroid, centroid).value).toBeLessThan(1e-12);
    }
  });
});

function voxel([x, y, z]: Vec3): number {
  return ct.data[x + ct.size[0] * (y + ct.size[1] * z)]!;
}
