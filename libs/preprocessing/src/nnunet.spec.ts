import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { agreement, maxDifference, readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, perAxis, type Tensor } from '@hecktor/volume';
import { invertLabels } from './invert/invert-labels.ts';
import { invertLogits, type LogitsInterpolation } from './invert/invert-logits.ts';
import { goldenArrays, type GoldenArray } from './testing/golden.ts';
import { runSteps } from './testing/run-steps.ts';
import type { AxisName } from './tensor.ts';

interface Case {
  name: string;
  size: number[];
  spacing: number[];
  images: Record<string, GoldenArray>;
  steps: { step: string; [key: string]: unknown }[];
  tensor: { channels: string[]; axes: AxisName[] };
  dims: number[];
  expected: GoldenArray;
  logits: GoldenArray;
  interpolation: LogitsInterpolation;
  segmentation: GoldenArray;
}

const folder = new URL('../golden/nnunet/', import.meta.url);
const { cases } = readGoldenJson<{ cases: Case[] }>(new URL('preprocessing.json', folder));
const golden = goldenArrays(readFileSync(new URL('preprocessing.bin', folder)));

/**
 * Of preprocessed values, relative to the largest: values between the axes of a spline, and NumPy's
 * means, are float32.
 */
const TOLERANCE = 5e-7;

/** The class with the largest logit, the first of equals. */
function argmax({ data, dims }: Tensor): Uint8Array {
  const count = data.length / dims[1]!;
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    for (let c = 1; c < dims[1]!; c++) {
      if (data[c * count + i]! > data[out[i]! * count + i]!) out[i] = c;
    }
  }
  return out;
}

async function prepare({ size, spacing, images, steps }: Case) {
  const grid = createGrid(
    perAxis((a) => size[a]!),
    { spacing: perAxis((a) => spacing[a]!), origin: [3, -20, 7.5] },
  );
  const volumes = Object.entries(images).map(([name, entry]) => [
    name,
    createVolume(grid, golden.array(entry)),
  ]);
  const given = Object.fromEntries(volumes) as Parameters<typeof runSteps>[0];
  return { grid, prepared: await runSteps(given, steps) };
}

describe('preprocessing and logits, against nnunetv2', () => {
  it.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const { grid, prepared } = await prepare(entry);
    const actual = await prepared.tensor(entry.tensor);
    expect(actual.dims.slice(1)).toEqual(entry.dims);
    const expected = golden.array(entry.expected) as Float32Array;
    const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    expect(maxDifference(actual.data, expected).value).toBeLessThan(TOLERANCE * largest);

    const data = Float32Array.from(golden.array(entry.logits), (v) => v / 256);
    const logits = { data, dims: [1, 3, ...entry.dims.slice(1)] };
    const { interpolation } = entry;
    const back = invertLogits(logits, entry.tensor.axes, prepared, {
      interpolation,
      decode: argmax,
    });
    const mask = await invertLabels(back.labels, back.records, grid, { mode: 'exact' });
    expect(agreement(mask.data, golden.array(entry.segmentation))).toBe(1);
  });
});
