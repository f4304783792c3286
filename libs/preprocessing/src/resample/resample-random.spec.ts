import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createEngine } from '../engine.ts';
import { readImage } from '../lazy-image.ts';
import {
  goldenArrays,
  goldenGrid,
  type GoldenArray,
  type GoldenVolume,
} from '../testing/golden.ts';
import type { Interpolation } from './axis-table.ts';
import { integerLimits, resampledImage } from './resampled-image.ts';

interface Case {
  name: string;
  interpolation: Interpolation;
  outside: number;
  source: GoldenVolume;
  expected: GoldenVolume;
  /** 1 where ITK's last bit decides the value, 2 where it decides one unit; see the script. */
  undecided: GoldenArray;
}

const folder = new URL('../../golden/', import.meta.url);
const { cases } = readGoldenJson<{ cases: Case[] }>(new URL('resample-random.json', folder));
const golden = goldenArrays(readFileSync(new URL('resample-random.bin', folder)));

/** Of float results, relative to the value: float32 has 6e-8. */
const TOLERANCE = 1e-5;

/**
 * Integers on a source with far more voxels, where what is an integer but for rounding is taken for
 * it, and ITK may truncate it to one unit less.
 */
const FINE = ['43 uint16 bspline free'];
const NOISE = 1e-5;

describe('random images and grids, against SimpleITK', () => {
  it.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const source = golden.volume(entry.source);
    const limits = integerLimits(source.data);
    const resampling = {
      name: 'image',
      source,
      target: goldenGrid(entry.expected),
      interpolation: entry.interpolation,
      outside: entry.outside,
    };
    const actual = await readImage(resampledImage({ ...resampling, limits }), createEngine());
    const exact = FINE.includes(entry.name)
      ? await readImage(resampledImage({ ...resampling, limits: null }), createEngine())
      : undefined;
    const expected = golden.array(entry.expected.data);
    const undecided = golden.array(entry.undecided);
    const wrong: string[] = [];
    for (let i = 0; i < actual.length; i++) {
      if (undecided[i] === 1) continue;
      const atInteger = exact !== undefined && Math.abs(exact[i]! - Math.round(exact[i]!)) < NOISE;
      const unit = undecided[i] === 2 || atInteger ? 1 : 0;
      const tolerance = limits === null ? TOLERANCE * Math.max(1, Math.abs(expected[i]!)) : unit;
      if (!(Math.abs(actual[i]! - expected[i]!) <= tolerance)) {
        wrong.push(`voxel ${i}: expected ${expected[i]}, got ${actual[i]}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
