import { describe, expect, it } from '@jest/globals';
import { readGoldenArray, readGoldenJson } from '@hecktor/testing';
import type { Tensor } from '@hecktor/volume';
import { patternTensor, predictByPosition } from './fixtures/pattern.ts';
import {
  combineMembers,
  halfRounding,
  importanceMap,
  slidingWindowInference,
  withFlips,
  type Arithmetic,
  type Predictor,
  type Triple,
} from './index.ts';
import { evenStarts } from './nnunet-windows.ts';

interface GoldenCase {
  name: string;
  size: Triple;
  patch: Triple;
  mirrored: number[];
  scales: number[];
  step: number;
  gaussian: boolean;
}

const folder = new URL('../golden/nnunet/', import.meta.url);
const golden = readGoldenJson<{
  cases: GoldenCase[];
  axes: { length: number; roi: number; step: number; starts: number[] }[];
  weights: { shape: Triple; checksum: number }[];
  rounding: [number, number][];
}>(new URL('windows.json', folder));

/** All combinations of axes, in the order in which nnU-Net adds them. */
function combinations(axes: readonly number[]): number[][] {
  const sets = axes.reduce<number[][]>(
    (all, axis) => [...all, ...all.map((s) => [...s, axis])],
    [[]],
  );
  const rank = (set: readonly number[]): number => set.length * 1000 + Number(set.join(''));
  return sets.filter((set) => set.length > 0).sort((a, b) => rank(a) - rank(b));
}

const scaled =
  (scale: number): Predictor =>
  async (windows) => {
    const { data, dims } = await predictByPosition(windows);
    return { data: data.map((value) => value * Math.fround(scale)), dims };
  };

function predict(entry: GoldenCase, arithmetic: Arithmetic): Promise<Tensor> {
  const input = patternTensor([1, 2, ...entry.size]);
  const members = entry.scales.map(
    (scale) => () =>
      slidingWindowInference(input, withFlips(scaled(scale), combinations(entry.mirrored)), {
        roi: entry.patch,
        overlap: 1 - entry.step,
        tiling: 'nnunet',
        blend: entry.gaussian ? 'nnunet' : 'constant',
        sigmaScale: 0.125,
        windowsPerBatch: 1,
        arithmetic,
      }),
  );
  return combineMembers(members, { combine: 'mean-logits', arithmetic });
}

/** The bits of values that float16 holds; 0 has no sign. */
function halfBits(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size === Infinity) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | (size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | (size * 2 ** (10 - exponent) - 1024);
}

const unsigned = (bits: number): number => (bits === 0x8000 ? 0 : bits);

describe("nnU-Net's own predictor", () => {
  it.each(golden.cases)('gives the same logits in float16, bit for bit: $name', async (entry) => {
    const { data, dims } = await predict(entry, 'float16');
    expect(dims).toEqual([1, 3, ...entry.size]);
    const expected = readGoldenArray(new URL(`${entry.name}.bin`, folder), 'uint16', data.length);
    expect([...data].map(halfBits)).toEqual([...expected].map(unsigned));
  });

  it.each(['odd-patch', 'folds', 'smaller-on-one-axis'])(
    'would give the same logits without its float16: %s',
    async (name) => {
      const { data } = await predict(
        golden.cases.find((one) => one.name === name)!,
        'float32',
      );
      const file = new URL(`${name}-float32.bin`, folder);
      const expected = readGoldenArray(file, 'float32', data.length);
      const worst = data.reduce((most, value, i) => {
        const difference = Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
        return Math.max(most, difference);
      }, 0);
      expect(worst).toBeLessThan(1e-6);
    },
  );

  it('starts windows at the same voxels along axes of any length', () => {
    for (const { length, roi, step, starts } of golden.axes) {
      expect({ length, roi, step, starts: evenStarts(length, roi, 1 - step) }).toEqual({
        ...{ length, roi, step, starts },
      });
    }
    expect(golden.axes.length).toBeGreaterThan(80);
  });

  it.each(golden.weights)('has the same weights, bit for bit: $shape', ({ shape, checksum }) => {
    const map = importanceMap(shape, { blend: 'nnunet', sigmaScale: 0.125 });
    const sum = map.reduce((total, weight, i) => total + halfBits(weight) * ((i % 8191) + 1), 0);
    expect(sum).toBe(checksum);
  });
});

describe('halfRounding', () => {
  it('rounds as torch does: ties, edges, small values, overflow', () => {
    const words = Uint32Array.from(golden.rounding, ([bits]) => bits);
    const values = new Float32Array(words.buffer);
    halfRounding(values)(0, values.length);
    expect([...values].map(halfBits)).toEqual(golden.rounding.map(([, bits]) => unsigned(bits)));
  });

  it('leaves NaN and what lies outside its range', () => {
    const values = Float32Array.of(1.0001, Number.NaN, 1.0001);
    halfRounding(values)(1, 3);
    expect([...values]).toEqual([Math.fround(1.0001), Number.NaN, 1]);
  });
});

describe('sums that float16 cannot hold', () => {
  const large: GoldenCase = {
    ...{
      name: 'large',
      size: [8, 8, 8],
      patch: [8, 8, 8],
      mirrored: [],
      step: 0.5,
      gaussian: true,
    },
    scales: [3000],
  };

  it('end the run as in nnU-Net, with a word on the way out', async () => {
    await expect(predict(large, 'float16')).rejects.toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      detail: 'a sum of logits is beyond 65504, the largest number of float16',
      fix: 'write "arithmetic": "float32" into "inference" of the recipe',
    });
    expect((await predict(large, 'float32')).data.every(Number.isFinite)).toBe(true);
  });

  it('end it where only the sum of the folds is too large', async () => {
    const fold = (): Promise<Tensor> =>
      Promise.resolve({ data: Float32Array.of(40000, 1), dims: [1, 2, 1, 1, 1] });
    const options = { combine: 'mean-logits', arithmetic: 'float16' } as const;
    await expect(combineMembers([fold, fold], options)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
    });
  });
});
