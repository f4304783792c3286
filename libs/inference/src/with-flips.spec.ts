import { describe, expect, it } from '@jest/globals';
import { patternTensor, predictByPosition } from './fixtures/pattern.ts';
import type { Tensor } from '@hecktor/volume';
import { withFlips, type Predictor } from './index.ts';

const identity: Predictor = (windows) => Promise.resolve(windows);

describe('withFlips', () => {
  it('is the predictor itself without flips', () => {
    expect(withFlips(predictByPosition, [])).toBe(predictByPosition);
  });

  it('gives the windows back from an identity predictor, whatever is flipped', async () => {
    const windows = patternTensor([2, 2, 3, 4, 5]);
    const before = windows.data.slice();
    const flips = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
    const mean = await withFlips(identity, flips)(windows);
    expect(mean.dims).toEqual(windows.dims);
    mean.data.forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 6));
    expect(windows.data).toEqual(before);
  });

  it('makes a position-dependent prediction symmetric along a flipped axis', async () => {
    const ones: Tensor = { data: new Float32Array(2 * 2 * 3 * 4).fill(1), dims: [1, 2, 2, 3, 4] };
    const { data } = await withFlips(predictByPosition, [[2]])(ones);
    const rowOfSecondClass = data.subarray(24, 28);
    expect(Array.from(rowOfSecondClass)).toEqual(Array.from(rowOfSecondClass).reverse());
  });

  it.each([
    [[[3]]],
    [[[]]],
    [[[0, 0]]],
    [
      [
        [0, 1],
        [1, 0],
      ],
    ],
    [[[0.5]]],
  ])('refuses the flips %j', (flips) => {
    expect(() => withFlips(identity, flips)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
