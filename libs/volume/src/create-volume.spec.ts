import { describe, expect, it } from '@jest/globals';
import { arrayClassOf, createGrid, emptyVolume, scalarTypeOf } from './index.ts';
import type { ScalarType } from './index.ts';

const TYPES: [ScalarType, number][] = [
  ['int8', 1],
  ['uint8', 1],
  ['int16', 2],
  ['uint16', 2],
  ['int32', 4],
  ['uint32', 4],
  ['int64', 8],
  ['uint64', 8],
  ['float32', 4],
  ['float64', 8],
];

describe('emptyVolume', () => {
  it.each(TYPES)('makes zero-filled %s voxels of %i bytes', (type, bytes) => {
    const volume = emptyVolume(createGrid([2, 2, 2]), type);
    expect(volume.data).toBeInstanceOf(arrayClassOf(type));
    expect(volume.data.byteLength).toBe(8 * bytes);
    expect(scalarTypeOf(volume.data)).toBe(type);
    expect(Number(volume.data[7])).toBe(0);
  });

  it('can lie on shared memory', () => {
    const volume = emptyVolume(createGrid([2, 2, 2]), 'float32', { shared: true });
    expect(volume.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
