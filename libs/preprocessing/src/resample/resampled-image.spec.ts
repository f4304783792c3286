import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { maxDifference, readGoldenJson } from '@hecktor/testing';
import { createGrid, emptyVolume, scalarTypeOf } from '@hecktor/volume';
import type { NumericVoxelArray, Region, Volume } from '@hecktor/volume';
import { createEngine } from '../engine.ts';
import { cropImage, gridOf, readImage } from '../lazy-image.ts';
import { runKernel } from '../kernels/run-kernel.ts';
import type { KernelRunner } from '../kernels/kernel-job.ts';
import {
  goldenGrid,
  goldenArrays,
  type GoldenArray,
  type GoldenGrid,
  type GoldenVolume,
} from '../testing/golden.ts';
import type { Interpolation } from './axis-table.ts';
import type { PieceLimits } from './plan-piece.ts';
import { integerLimits, resampledImage } from './resampled-image.ts';

interface Case {
  name: string;
  interpolation: Interpolation;
  outside: number;
  source: GoldenVolume;
  expected: GoldenVolume;
  beforeTruncation?: GoldenArray;
}

const folder = new URL('../../golden/', import.meta.url);
const facts = readGoldenJson<{
  cases: Case[];
  zeros: {
    source: GoldenGrid & { voxels: [number, number, number, number][] };
    target: GoldenGrid;
    nonzero: GoldenArray;
  };
}>(new URL('resample.json', folder));
const golden = goldenArrays(readFileSync(new URL('resample.bin', folder)));

/** The limit that the project sets itself, in the units of the image. */
const TOLERANCE = 1e-3;

function imageOf(
  entry: Case,
  source: Volume<NumericVoxelArray>,
  options: { pieces?: PieceLimits } = {},
) {
  return resampledImage({
    name: entry.name,
    source,
    target: goldenGrid(entry.expected),
    interpolation: entry.interpolation,
    outside: entry.outside,
    limits: integerLimits(source.data),
    ...options,
  });
}

/** Jobs in reverse, cloned as a worker gets them: shared memory stays shared, the rest is copied. */
const cloningRunner: KernelRunner = async (jobs) => {
  for (const job of [...jobs].reverse()) runKernel(structuredClone(job));
};

describe('resampledImage', () => {
  const table = facts.cases.map((entry): [string, Case] => [entry.name, entry]);

  it.each(table)('equals SimpleITK: %s', async (_, entry) => {
    const source = golden.volume(entry.source);
    const expected = golden.array(entry.expected.data);
    const actual = await readImage(imageOf(entry, source), createEngine());
    if (integerLimits(source.data) === null || entry.interpolation === 'nearest') {
      const limit = entry.interpolation === 'nearest' ? 0 : TOLERANCE;
      expect(maxDifference(actual, expected).value).toBeLessThanOrEqual(limit);
      return;
    }
    const exact = golden.array(entry.beforeTruncation!);
    for (let i = 0; i < actual.length; i++) {
      const nearInteger = Math.abs(exact[i]! - Math.round(exact[i]!)) < TOLERANCE;
      const limit = nearInteger ? 1 : 0;
      if (Math.abs(actual[i]! - expected[i]!) > limit) {
        throw new Error(`voxel ${i}: expected ${expected[i]} (${exact[i]}), got ${actual[i]}`);
      }
    }
  });

  it.each(table)('gives the same voxels in regions and other threads: %s', async (_, entry) => {
    const source = golden.volume(entry.source);
    const image = imageOf(entry, source);
    const whole = await readImage(image, createEngine());
    const size = entry.expected.size;
    for (const region of regionsOf(size)) {
      const part = await readImage(cropImage(image, region), createEngine(cloningRunner));
      const wanted = cut(whole, size, region);
      expect(maxDifference(part, wanted).value).toBeLessThan(1e-4);
    }
  });

  it('works through a region in pieces when coefficients would take too much memory', async () => {
    for (const name of ['float-reaches-out', 'oblique', 'flipped', 'linear', 'long-z']) {
      const entry = facts.cases.find((candidate) => candidate.name === name)!;
      const source = golden.volume(entry.source);
      const whole = await readImage(imageOf(entry, source), createEngine());
      const inPieces = imageOf(entry, source, { pieces: { bytes: 1, extent: 4 } });
      const pieces = await readImage(inPieces, createEngine(cloningRunner));
      expect(maxDifference(pieces, whole).value).toBeLessThan(1e-4);
    }
  });

  it('knows which values ITK makes exactly 0', async () => {
    const { source, target, nonzero } = facts.zeros;
    const volume = emptyVolume(goldenGrid(source), 'float32');
    for (const [x, y, z, value] of source.voxels) {
      volume.data[x + volume.size[0] * (y + volume.size[1] * z)] = value;
    }
    const image = resampledImage({
      name: 'pet',
      source: volume,
      target: goldenGrid(target),
      interpolation: 'bspline',
      outside: 0,
      limits: null,
    });
    const region: Region = { start: [30, 0, 0], size: [130, 3, 3] };
    const values = await readImage(cropImage(image, region), createEngine());
    const expected = cut(golden.array(nonzero), gridOf(image).size, region);
    const zeros = values.filter((v) => v === 0).length;
    const wrong = values.filter((v, i) => (v !== 0 ? 1 : 0) !== expected[i]).length;
    // Where the alternating tail crosses 0 near 1e-44 the last bit of a double decides.
    expect(wrong).toBeLessThan(0.01 * values.length);
    expect(zeros).toBeGreaterThan(0.1 * values.length);
    expect(zeros).toBeLessThan(0.9 * values.length);
  });

  it.each([0.2, 0.3, 0.4, 0.7, 1.5])(
    'filters each voxel of a fine image a few times at most: %d mm',
    async (spacing) => {
      const size = [700, 700, 120] as const;
      const grid = createGrid(size, { spacing: [spacing, spacing, 1] });
      const source = emptyVolume(grid, 'int16', { shared: true });
      const [nx, ny] = [Math.round(700 * spacing), Math.round(700 * spacing)];
      let filtered = 0;
      let largest = 0;
      const count: KernelRunner = async (jobs) => {
        for (const job of jobs) {
          if (job.kind !== 'filter-slices') continue;
          const [x, y] = job.reach;
          filtered += (x.to - x.from) * (y.to - y.from) * (job.slices[1] - job.slices[0]);
          largest = Math.max(largest, job.block.data.byteLength);
        }
      };
      const target = createGrid([nx, ny, 120]);
      const limits = integerLimits(source.data);
      const image = resampledImage({
        ...{ name: 'ct', source, target, interpolation: 'bspline', outside: 0, limits },
      });
      await readImage(image, createEngine(count));
      expect(filtered).toBeLessThan(2 * source.data.length);
      expect(largest).toBeLessThanOrEqual(256 * 2 ** 20);
    },
  );

  it('does not change its source', async () => {
    for (const entry of facts.cases) {
      const source = golden.volume(entry.source);
      const copy = source.data.slice();
      await readImage(imageOf(entry, source), createEngine());
      expect(source.data).toEqual(copy);
      expect(scalarTypeOf(source.data)).toBe(scalarTypeOf(copy));
    }
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p in the source', async (value) => {
    for (const interpolation of ['bspline', 'linear', 'nearest'] as const) {
      const source = emptyVolume(createGrid([30, 20, 10]), 'float32');
      source.data[1234] = value;
      const image = resampledImage({
        name: 'pet',
        source,
        target: createGrid([30, 20, 10]),
        interpolation,
        outside: 0,
        limits: null,
      });
      await expect(readImage(image, createEngine())).rejects.toMatchObject({
        code: 'IMAGE_NOT_FINITE',
      });
    }
  });
});

function regionsOf(size: readonly number[]): Region[] {
  const [x, y, z] = size as [number, number, number];
  const half = (n: number): number => Math.floor(n / 2);
  return [
    { start: [half(x), half(y), half(z)], size: [x - half(x), y - half(y), z - half(z)] },
    { start: [0, 0, 0], size: [half(x) + 1, half(y) + 1, half(z) + 1] },
    { start: [half(x), half(y), half(z)], size: [1, 1, 1] },
    { start: [Math.floor(x / 3), 0, Math.floor(z / 3)], size: [half(x), y, half(z)] },
  ];
}

function cut(values: ArrayLike<number>, size: readonly number[], region: Region): Float32Array {
  const out = new Float32Array(region.size[0] * region.size[1] * region.size[2]);
  let to = 0;
  for (let z = 0; z < region.size[2]; z++) {
    for (let y = 0; y < region.size[1]; y++) {
      for (let x = 0; x < region.size[0]; x++) {
        const row = region.start[1] + y + size[1]! * (region.start[2] + z);
        out[to++] = values[region.start[0] + x + size[0]! * row]!;
      }
    }
  }
  return out;
}
