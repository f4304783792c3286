import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { nanMean, nanMedian, sum } from './averages.ts';

// golden/survival.json: tools/reference/survival/make_survival.py, with NumPy.
const GOLDEN = fileURLToPath(new URL('../golden/survival.json', import.meta.url));
const { sums } = readGoldenJson<{ sums: { values: number[]; sum: number }[] }>(GOLDEN);

describe('sum', () => {
  it.each(sums)('of $values.length values is that of NumPy to the last bit', (golden) => {
    expect(sum(golden.values)).toBe(golden.sum);
  });

  it('one by one would differ', () => {
    const plain = sums.map(({ values }) => values.reduce((total, value) => total + value, 0));
    expect(plain).not.toEqual(sums.map((golden) => golden.sum));
  });

  it('of nothing is 0', () => expect(sum([])).toBe(0));
});

it.each([
  [[], NaN, NaN],
  [[NaN, NaN], NaN, NaN],
  [[NaN, 4], 4, 4],
  [[6, NaN, 1, 2], 3, 2],
  [[10, 9, 1, 0], 5, 5],
])('mean and median of %j leave NaN out', (values, mean, median) => {
  expect(nanMean(values)).toBe(mean);
  expect(nanMedian(values)).toBe(median);
});
