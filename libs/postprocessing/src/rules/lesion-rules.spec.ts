import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { componentRuns, createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { applyRules, imagesOfRule, type PostprocessingRule } from '../index.ts';
import { largestDiameter } from './largest-diameter.ts';

interface GoldenCase {
  size: Vec3;
  spacing: Vec3;
  labels: string;
  diameters: [number, number, number][];
  distance: number;
  merged: string;
  within: string;
  beyond: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../golden/lesions.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

const volumeOf = ({ size, spacing, labels }: Pick<GoldenCase, 'size' | 'spacing' | 'labels'>) =>
  createVolume(createGrid(size, { spacing }), Uint8Array.from(labels, Number));

function apply(entry: GoldenCase, rule: PostprocessingRule): string {
  const labels = volumeOf(entry);
  const text = applyRules(labels, [rule]).data.join('');
  expect(labels.data.join('')).toBe(entry.labels);
  return text;
}

describe('rules about lesions against SciPy', () => {
  it.each(cases)('merges what lies near, $size', (entry) => {
    const { distance: maxDistance, merged } = entry;
    expect(apply(entry, { step: 'merge-nearby-components', label: 2, maxDistance })).toBe(merged);
  });

  it.each(cases)('relabels by the distance to the primary, $size', (entry) => {
    const { distance } = entry;
    const rule = { step: 'relabel-by-distance', reference: 1 } as const;
    expect(apply(entry, { ...rule, label: 2, to: 1, within: distance })).toBe(entry.within);
    expect(apply(entry, { ...rule, label: 1, to: 2, beyond: distance })).toBe(entry.beyond);
  });

  it.each(cases)('measures the largest diameter, $size', (entry) => {
    const labels = volumeOf(entry);
    for (const [label, component, expected] of entry.diameters) {
      const runs = componentRuns(labels.data, labels.size, label, 26);
      expect(largestDiameter(runs, component, labels)).toBeCloseTo(expected, 9);
    }
  });
});

describe('rules about lesions', () => {
  const row = (digits: string, spacing: Vec3 = [2, 1, 1]) =>
    volumeOf({ size: [digits.length, 1, 1], spacing, labels: digits });
  const text = (digits: string, ...rules: PostprocessingRule[]): string =>
    applyRules(row(digits), rules).data.join('');

  it('removes what is small in diameter, and keeps what is just large enough', () => {
    const rule = { step: 'remove-small-components', label: 2 } as const;
    // Three voxels of 2 x 1 x 1 mm: corners are the square root of 38 mm apart.
    expect(text('2202220', { ...rule, minDiameter: Math.sqrt(38) })).toBe('0002220');
    expect(text('2202220', { ...rule, minDiameter: 6.2 })).toBe('0000000');
    expect(text('2202220', { ...rule, minVolume: 5 })).toBe('0002220');
  });

  it('keeps at most so many components, the first of equals', () => {
    const rule = { step: 'keep-largest-component', label: 1 } as const;
    expect(text('1101011101', { ...rule, components: 2 })).toBe('1100011100');
    expect(text('1010101', { ...rule, components: 2 })).toBe('1010000');
    expect(text('1101011101', rule)).toBe('0000011100');
  });

  it('changes nothing without a label or without a primary', () => {
    const merge = { step: 'merge-nearby-components', label: 2, maxDistance: 4 } as const;
    expect(text('0110', merge)).toBe('0110');
    const rule = { step: 'relabel-by-distance', label: 2, reference: 1, to: 1 } as const;
    expect(text('0220', rule)).toBe('0220');
    expect(text('0000', rule)).toBe('0000');
  });

  it('merges up to the distance, and never paints over another label', () => {
    const rule = { step: 'merge-nearby-components', label: 2 } as const;
    expect(text('20102000020', { ...rule, maxDistance: 8 })).toBe('22122000020');
    expect(text('20102000020', { ...rule, maxDistance: 10 })).toBe('22122222220');
  });
});

describe('remove-low-uptake-components', () => {
  const rule = { step: 'remove-low-uptake-components', label: 2 } as const;
  // A PET of 4 mm beside labels of 2 mm: three lesions of SUV 1, 3 and 6, the last one outside.
  const labels = volumeOf({
    size: [24, 1, 1],
    spacing: [2, 2, 2],
    labels: '220000022000000220000022',
  });
  const pet = createVolume(
    createGrid([10, 1, 1], { spacing: [4, 4, 4], origin: [1, 0, 0] }),
    Float32Array.of(1, 1, 0, 0, 3, 0, 0, 6, 6, 0),
  );
  const run = (limits: object) =>
    applyRules(labels, [{ ...rule, ...limits }], { pet })
      .data.join('')
      .match(/2+/g)?.length ?? 0;

  it('keeps what takes up enough', () => {
    expect(run({ minSUVmax: 0 })).toBe(3);
    expect(run({ minSUVmax: 2 })).toBe(2);
    expect(run({ minSUVmax: 4 })).toBe(1);
    expect(run({ minSUVmax: 7 })).toBe(0);
    // Spheres of 1 mL reach over one voxel to either side.
    expect(run({ minSUVpeak: 0.5 })).toBe(3);
    expect(run({ minSUVpeak: 1.5 })).toBe(1);
  });

  it('says what is missing', () => {
    expect(imagesOfRule(rule)).toEqual(['pet']);
    expect(() => applyRules(labels, [rule])).toThrow(
      expect.objectContaining({ code: 'INPUT_IMAGE_MISSING' }),
    );
  });
});
