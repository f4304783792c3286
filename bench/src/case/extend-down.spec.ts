import { createVolume, emptyVolume, identityDirection } from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { extendDown } from './extend-down.ts';

const GRID = {
  size: [2, 1, 3] as const,
  spacing: [1, 1, 3] as const,
  origin: [5, 6, 30] as const,
  direction: identityDirection(),
};

describe('extendDown', () => {
  it('mirrors the lowest slices downwards and keeps the old slices where they were', () => {
    const volume = createVolume(GRID, Int16Array.of(1, 2, 3, 4, 5, 6));
    const longer = extendDown(volume, 10);
    const first = Array.from({ length: 10 }, (_, k) => longer.data[2 * k]);
    expect(first).toEqual([1, 1, 3, 5, 5, 3, 1, 1, 3, 5]);
    expect(longer.size).toEqual([2, 1, 10]);
    expect(longer.origin).toEqual([5, 6, 9]);
    expect(longer.data).toBeInstanceOf(Int16Array);
    expect(volume.data).toEqual(Int16Array.of(1, 2, 3, 4, 5, 6));
  });

  it('refuses to shorten', () => {
    const volume = emptyVolume(GRID, 'float32');
    expect(() => extendDown(volume as never, 2)).toThrow('at least 3 slices, got 2');
  });
});
