import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { HeadOf } from '@hecktor/recipe';
import { createLog } from '@hecktor/runtime';
import { readGoldenJson } from '@hecktor/testing';
import type { Answer } from './answer.ts';
import { applyFusionHead, rescale } from './fusion-head.ts';

interface Golden {
  readonly table: number[];
  readonly values: number[];
  readonly left: number[];
  readonly right: number[];
  readonly weights: number[];
  readonly numbers: number[];
  readonly softmaxMean: number;
  readonly classes: number[][];
  readonly classMean: number[];
}
const GOLDEN = fileURLToPath(new URL('../golden/stages/expected.json', import.meta.url));
const { fusion } = readGoldenJson<{ fusion: Golden }>(GOLDEN);
const log = createLog(() => undefined);
const fuse = (earlier: Readonly<Record<string, Answer>>, head: Omit<HeadOf<'fusion'>, 'kind'>) =>
  applyFusionHead(earlier, { kind: 'fusion', ...head }, log);

describe('rescale', () => {
  it.each(['left', 'right'] as const)('ranks as searchsorted does, side %s', (side) => {
    const scale = { by: 'quantiles', table: fusion.table, side } as const;
    expect(fusion.values.map((value) => rescale(value, scale))).toEqual(fusion[side]);
  });

  it('standardises', () => {
    expect(rescale(5, { by: 'z-score', mean: 1, scale: 8 })).toBe(0.5);
    expect(rescale(5, undefined)).toBe(5);
  });
});

describe('the head fusion', () => {
  it('weights by softmax', () => {
    const names = fusion.numbers.map((_, i) => `stage-${i}`);
    const earlier = Object.fromEntries(fusion.numbers.map((number, i) => [names[i]!, number]));
    const inputs = names.map((of, i) => ({ of, weight: fusion.weights[i]! }));
    const mean = fuse(earlier, { inputs, weighting: 'softmax' });
    expect(mean).toBeCloseTo(fusion.softmaxMean, 12);
  });

  it('averages the probabilities of classes by their names, whatever their order', () => {
    const [first, second] = fusion.classes as [number[], number[]];
    const named = (order: readonly number[], numbers: readonly number[]) => {
      const probability = Object.fromEntries(order.map((k) => [`T${k}`, numbers[k]!]));
      return { value: 'T0', probability };
    };
    const earlier = { a: named([0, 1, 2, 3], first), b: named([3, 1, 0, 2], second) };
    const inputs = [
      { of: 'a', weight: 0.4 },
      { of: 'b', weight: 0.6 },
    ];
    const answer = fuse(earlier, { inputs }) as Exclude<Answer, number>;
    const best = fusion.classMean.indexOf(Math.max(...fusion.classMean));
    expect(answer.value).toBe(`T${best}`);
    fusion.classMean.forEach((mean, k) =>
      expect((answer.probability as Record<string, number>)[`T${k}`]).toBeCloseTo(mean, 12),
    );
    const among = ['T0', 'T1', 'T2', 'T3'].filter((name) => name !== `T${best}`);
    const other = fuse(earlier, { inputs, among }) as Exclude<Answer, number>;
    expect(among).toContain(other.value);
    expect(other.probability).toEqual(answer.probability);
  });

  it('is true from a threshold on, which the mean may just meet', () => {
    const earlier = { a: { value: true, probability: 0.75 }, b: 0.25 };
    const inputs = [{ of: 'a' }, { of: 'b' }];
    expect(fuse(earlier, { inputs, threshold: 0.5 })).toEqual({ value: true, probability: 0.5 });
    expect(fuse(earlier, { inputs, threshold: 0.51 })).toMatchObject({ value: false });
  });
});
