import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { importanceMap, type Triple } from './index.ts';

const { importanceMaps } = readGoldenJson<{
  importanceMaps: {
    roi: Triple;
    sigmaScale: number;
    centre: number;
    line: number[];
    smallest: number;
    clamped: number;
    sum: number;
  }[];
}>(new URL('../golden/sliding-window.json', import.meta.url));

describe('importanceMap against MONAI', () => {
  it.each(importanceMaps)('roi $roi, sigma $sigmaScale', (entry) => {
    const { roi, sigmaScale } = entry;
    const map = importanceMap(roi, { blend: 'gaussian', sigmaScale });
    const [a, b] = [Math.floor(roi[0] / 2), Math.floor(roi[1] / 2)];
    const row = (a * roi[1] + b) * roi[2];
    expect(map[row + Math.floor(roi[2] / 2)]).toBeCloseTo(entry.centre, 6);
    entry.line.forEach((weight, c) => expect(map[row + c]).toBeCloseTo(weight, 6));
    let smallest = Infinity;
    let sum = 0;
    for (const weight of map) {
      smallest = Math.min(smallest, weight);
      sum += weight;
    }
    expect(smallest).toBeCloseTo(entry.smallest, 8);
    expect(Math.abs(sum / entry.sum - 1)).toBeLessThan(1e-6);
    // exp() may differ in its last bit, and so may which voxels sit exactly at the minimum.
    const clamped = map.filter((weight) => weight <= entry.smallest * (1 + 1e-6)).length;
    expect(Math.abs(clamped - entry.clamped) / map.length).toBeLessThan(1e-3);
  });
});

describe('importanceMap', () => {
  it('has the centre weight and the share of clamped weights the baseline is known for', () => {
    const map = importanceMap([128, 128, 128], { blend: 'gaussian', sigmaScale: 0.125 });
    expect(map[(64 * 128 + 64) * 128 + 64]).toBeCloseTo(0.998536, 6);
    const clamped = map.filter((weight) => weight === Math.fround(1e-3)).length;
    expect(clamped / map.length).toBeCloseTo(0.58, 2);
  });

  it('is 1 everywhere for a constant blend', () => {
    const map = importanceMap([3, 4, 5], { blend: 'constant', sigmaScale: 0.125 });
    expect(map).toEqual(new Float32Array(60).fill(1));
  });
});
