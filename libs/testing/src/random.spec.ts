import { describe, expect, it } from '@jest/globals';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('gives a known stream for a seed', () => {
    const random = createRandom(1);
    expect([random.bits(), random.bits(), random.bits(), random.bits()]).toMatchInlineSnapshot(`
      [
        2420951833,
        2513034076,
        3847892949,
        4064752930,
      ]
    `);
  });

  it('gives different streams for neighbouring seeds', () => {
    const a = createRandom(7);
    const b = createRandom(8);
    const equal = Array.from({ length: 100 }, () => a.bits() === b.bits()).filter(Boolean);
    expect(equal).toHaveLength(0);
  });

  it('is uniform and normal in mean and spread', () => {
    const random = createRandom(3);
    const uniform = Array.from({ length: 20_000 }, () => random.next());
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
  });

  it('keeps integers within their bounds, both included', () => {
    const random = createRandom(11);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(2, 5)));
    expect([...seen].sort()).toEqual([2, 3, 4, 5]);
  });
});
