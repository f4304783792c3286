import { describe, expect, it } from '@jest/globals';
import { freeMemory } from './free-memory.ts';

describe('freeMemory', () => {
  it('frees buffers that nothing holds any more', () => {
    const before = process.memoryUsage().arrayBuffers;
    const size = 128 * 2 ** 20;
    (() => new Uint8Array(new SharedArrayBuffer(size)).fill(1))();
    (() => new Uint8Array(size).fill(1))();
    freeMemory();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size / 2);
  });
});
