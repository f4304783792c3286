import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume } from '@hecktor/volume';
import { agreement, expectGrid, expectVolume, labelDice, maxDifference } from './compare.ts';

describe('maxDifference', () => {
  it('finds the largest difference and its place', () => {
    expect(maxDifference([1, 2, 3], [1, 2.5, 3.25])).toEqual({ value: 0.5, index: 1 });
  });
  it('is 0 at no place for equal arrays', () => {
    expect(maxDifference([1, 2], [1, 2])).toEqual({ value: 0, index: -1 });
  });
  it('never lets a NaN pass', () => {
    expect(maxDifference([1, NaN], [1, NaN]).value).toBe(Infinity);
  });
  it('refuses different lengths', () => {
    expect(() => maxDifference([1], [1, 2])).toThrow('expected 2 values, got 1');
  });
});

describe('expectGrid and expectVolume', () => {
  const grid = createGrid([2, 2, 1], { origin: [1, 2, 3] });
  it('name the field that differs', () => {
    const moved = createGrid([2, 2, 1], { origin: [1, 2, 3.001] });
    expect(() => expectGrid(moved, grid)).toThrow('origin: expected [1, 2, 3], got [1, 2, 3.001]');
    expect(() => expectGrid(moved, grid, 0.01)).not.toThrow();
  });
  it('name the voxel that differs', () => {
    const a = createVolume(grid, Float32Array.of(0, 0, 0, 5));
    const b = createVolume(grid, Float32Array.of(0, 0, 0, 4));
    expect(() => expectVolume(a, b)).toThrow('voxel [1, 1, 0] differs by 1');
    expect(() => expectVolume(a, b, 1)).not.toThrow();
  });
});

describe('agreement and labelDice', () => {
  it('count voxels', () => {
    expect(agreement([0, 1, 2, 2], [0, 1, 1, 2])).toBe(0.75);
    expect(labelDice([0, 1, 2, 2], [0, 1, 1, 2], 2)).toBeCloseTo(2 / 3, 12);
    expect(labelDice([0], [0], 1)).toBe(1);
    expect(labelDice([1], [0], 1)).toBe(0);
  });
});
