import { describe, expect, it } from '@jest/globals';
import { compare, spread } from './report.ts';

describe('spread', () => {
  it.each([
    [[4], { median: 4, min: 4, max: 4 }],
    [[9, 1], { median: 5, min: 1, max: 9 }],
    [[10, 9, 2], { median: 9, min: 2, max: 10 }],
    [[1, 100, 3, 2], { median: 2.5, min: 1, max: 100 }],
  ])('of %j', (values, expected) => {
    expect(spread(values)).toEqual(expected);
  });

  it('leaves its input in order', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses nothing at all', () => {
    expect(() => spread([])).toThrow('got none');
  });
});

describe('compare', () => {
  it('takes ratios pair by pair, not of the medians', () => {
    const { ratio, ratioOfMinima } = compare([1, 20, 3], [10, 40, 60]);
    expect(ratio).toEqual({ median: 0.1, min: 0.05, max: 0.5 });
    expect(ratioOfMinima).toBe(0.1);
  });

  it('reports ours alone', () => {
    expect(compare([2, 4])).toEqual({ ours: { median: 3, min: 2, max: 4 } });
  });

  it('refuses runs without a partner', () => {
    expect(() => compare([1, 2], [1])).toThrow('expected 2 runs of Python, got 1');
  });
});
