import { describe, expect, it } from '@jest/globals';
import { gaussianBlurInPlace } from './blur.ts';

describe('gaussianBlurInPlace', () => {
  it('spreads a point into a Gaussian of the same sum', () => {
    const data = new Float32Array(21 * 21 * 21);
    const middle = 10 + 21 * (10 + 21 * 10);
    data[middle] = 1;
    gaussianBlurInPlace(data, [21, 21, 21], [1.5, 1.5, 1.5]);
    expect(data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const ratio = Math.exp(-1 / (2 * 1.5 ** 2));
    for (const step of [1, 21, 441]) {
      expect(data[middle + step]! / data[middle]!).toBeCloseTo(ratio, 5);
      expect(data[middle - step]).toBeCloseTo(data[middle + step]!, 7);
    }
  });
  it('leaves axes of sigma 0 and constants alone', () => {
    const data = Float32Array.of(1, 1, 1, 5, 5, 5);
    gaussianBlurInPlace(data, [3, 2, 1], [2, 0, 0]);
    [1, 1, 1, 5, 5, 5].forEach((v, i) => expect(data[i]).toBeCloseTo(v, 5));
  });
});
