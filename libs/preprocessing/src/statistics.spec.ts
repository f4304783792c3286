import { describe, expect, it } from '@jest/globals';
import { lowestAbove } from './statistics.ts';

describe('lowestAbove', () => {
  it.each([
    [0, 1, 1],
    [3.7, 2.2, 1],
    [-5, 0.3, 1],
    [-5, 0.3, -2],
    [1e6, 1e-8, 1],
    [1.5e-30, 4e-31, 1],
  ])('splits float32 values exactly: mean %d, divisor %d, limit %d', (mean, divisor, limit) => {
    const found = lowestAbove(mean, divisor, limit);
    const score = (v: number): number =>
      Math.fround(Math.fround(v - Math.fround(mean)) / Math.fround(divisor));
    const bits = new Int32Array(Float32Array.of(found).buffer);
    bits[0] = bits[0]! + (found > 0 ? -1 : 1);
    const before = new Float32Array(bits.buffer)[0]!;
    expect(before).toBeLessThan(found);
    expect(score(found)).toBeGreaterThan(limit);
    expect(score(before)).toBeLessThanOrEqual(limit);
  });

  it('is Infinity when no score can be above', () => {
    expect(lowestAbove(0, NaN, 1)).toBe(Infinity);
    expect(lowestAbove(NaN, 1, 1)).toBe(Infinity);
  });
});
