import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { predictIcare } from './icare.ts';
import { combineRisks, contributions, predictBag } from './index.ts';
import type { CombineMethod, IcareBag } from './index.ts';

// golden/survival.json: tools/reference/survival/make_survival.py, with the icare package.
interface Golden {
  cases: {
    name: string;
    bag: IcareBag;
    rows: (number | null)[][];
    estimators: (number | null)[][];
    predictions: (number | null)[];
  }[];
  combinations: ({ risks: number[]; weights: number[] } & Record<CombineMethod, number>)[];
}

const GOLDEN = fileURLToPath(new URL('../golden/survival.json', import.meta.url));
const { cases, combinations } = readGoldenJson<Golden>(join(GOLDEN));
const features = (row: (number | null)[]) => Float32Array.from(row, (value) => value ?? NaN);
describe.each(cases)('ICARE with $name', ({ bag, rows, estimators, predictions }) => {
  it('predicts with each estimator what the package predicts, to the last bit', () => {
    rows.forEach((row, i) => {
      bag.estimators.forEach((estimator, j) => {
        const ours = predictIcare(estimator, features(row));
        const theirs = estimators[i]![j]!;
        if (theirs === null) expect(ours).toBeNaN();
        else expect(ours).toBe(theirs);
      });
    });
  });

  it('predicts with the bag what the package predicts, to the last bit, and refuses NaN', () => {
    rows.forEach((row, i) => {
      const theirs = predictions[i]!;
      if (theirs === null) {
        expect(() => predictBag(bag, features(row))).toThrow('no finite number');
      } else expect(predictBag(bag, features(row))).toBe(theirs);
    });
  });

  it('explains a mean by contributions that sum to it', () => {
    for (const row of rows) {
      const values = features(row);
      const counted = bag.estimators.filter(
        (one) => one.usedFeatures.length > 0 && !Number.isNaN(predictIcare(one, values)),
      );
      if (counted.length === 0) {
        expect(contributions(bag, values)).toEqual([]);
        continue;
      }
      const sum = contributions(bag, values).reduce((total, one) => total + one.contribution, 0);
      const offset = counted.reduce((total, e) => total - e.meanPrediction / e.stdPrediction, 0);
      const mean = counted.reduce((total, e) => total + predictIcare(e, values), 0);
      const expected = (mean - offset) / counted.length;
      expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
    }
  });
});

it('the goldens hold what can go wrong', () => {
  const all = cases.flatMap(({ predictions }) => predictions);
  expect(all).toContain(null);
  expect(cases.some(({ bag }) => bag.estimators.every((e) => e.usedFeatures.length === 0))).toBe(
    true,
  );
  expect(new Set(cases.map(({ bag }) => bag.aggregation))).toEqual(new Set(['mean', 'median']));
});

describe('combineRisks', () => {
  it.each(combinations)('of $risks.length folds agrees with NumPy', (golden) => {
    const { risks, weights } = golden;
    for (const method of ['median', 'mean', 'weighted-mean', 'best'] as const) {
      expect(combineRisks(risks, { method, weights })).toBe(golden[method]);
    }
  });

  it('takes the first of equally good folds', () => {
    expect(combineRisks([1, 2, 3], { method: 'best', weights: [0.5, 0.7, 0.7] })).toBe(2);
  });

  it('does not change its input', () => {
    const risks = [3, 1, 2];
    combineRisks(risks, { method: 'median', weights: [] });
    expect(risks).toEqual([3, 1, 2]);
  });

  it.each([
    [[], [], 'median', 'at least one risk'],
    [[1, 2], [1], 'weighted-mean', 'expected 2 weights'],
    [[1, 2], [0, 0], 'weighted-mean', 'one above 0'],
    [[1, 2], [-1, 2], 'best', 'none negative'],
    [[1], [NaN], 'best', 'expected 1 weights'],
  ] as const)('refuses %j with weights %j', (risks, weights, method, message) => {
    expect(() => combineRisks(risks, { method, weights })).toThrow(message);
  });
});

describe('a bag', () => {
  it('refuses another number of features, naming both', () => {
    const { bag } = cases[0]!;
    expect(() => predictBag(bag, new Float32Array(3))).toThrow(`expected ${bag.features} features`);
    expect(() => contributions(bag, new Float32Array(3))).toThrow('got 3');
  });

  it('refuses an infinite prediction', () => {
    const { bag, rows } = cases[0]!;
    const endless = features(rows[0]!).fill(Infinity);
    expect(() => predictBag(bag, endless)).toThrow('MODEL_OUTPUT_INVALID');
  });
});
