import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  componentRuns,
  createGrid,
  createVolume,
  type Connectivity,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import { applyRules } from './index.ts';

interface GoldenCase {
  name: string;
  size: Vec3;
  connectivity: Connectivity;
  mask: string;
  count: number;
  sizes: number[];
  checksum: number;
  largest: number;
  atLeast5: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../golden/components.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

/** Components voxel by voxel, as scikit-image gives them. */
function connectedComponents(mask: Uint8Array, size: Vec3, connectivity: Connectivity) {
  const { count, starts, ends, labels: ofRun, voxels } = componentRuns(mask, size, 1, connectivity);
  const labels = new Uint32Array(mask.length);
  ofRun.forEach((component, run) => labels.fill(component, starts[run], ends[run]));
  return { labels, count, voxels };
}

const keepLargest = (map: Volume<Uint8Array>, connectivity: Connectivity) =>
  applyRules(map, [{ step: 'keep-largest-component', label: 1, connectivity }]);

const removeSmall = (map: Volume<Uint8Array>, connectivity: Connectivity, minVolume: number) =>
  applyRules(map, [{ step: 'remove-small-components', label: 1, connectivity, minVolume }]);

const maskOf = (text: string): Uint8Array => Uint8Array.from(text, Number);

/** A sum that changes when two voxels swap their labels. */
const checksum = (labels: ArrayLike<number>): number =>
  Array.from(labels).reduce((sum, label, i) => sum + label * ((i % 8191) + 1), 0);

describe('connected components against scikit-image', () => {
  it.each(cases)('$name, connectivity $connectivity', (entry) => {
    const mask = maskOf(entry.mask);
    const found = connectedComponents(mask, entry.size, entry.connectivity);
    expect(found.count).toBe(entry.count);
    expect(Array.from(found.voxels)).toEqual(entry.sizes);
    expect(checksum(found.labels)).toBe(entry.checksum);
    expect(mask).toEqual(maskOf(entry.mask));
  });

  it.each(cases)('$name, connectivity $connectivity: largest and small ones', (entry) => {
    const { size, connectivity } = entry;
    const grid = createGrid(size, { spacing: [2, 1, 1] });
    const volume = createVolume(grid, maskOf(entry.mask));
    const largest = keepLargest(volume, connectivity);
    expect(checksum(largest.data)).toBe(entry.largest);
    // Five voxels of 2 mm³ each.
    const large = removeSmall(volume, connectivity, 10);
    expect(checksum(large.data)).toBe(entry.atLeast5);
    expect(volume.data).toEqual(maskOf(entry.mask));
  });
});

describe('componentRuns', () => {
  it.each([
    ['a size that does not fit', [2, 2, 2], 6],
    ['an empty size', [0, 2, 2], 6],
    ['a connectivity that does not exist', [4, 1, 1], 8],
  ])('refuses %s', (_, size, connectivity) => {
    expect(() =>
      connectedComponents(new Uint8Array(4), size as unknown as Vec3, connectivity as Connectivity),
    ).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('filters of a label map', () => {
  const grid = createGrid([9, 1, 1], { spacing: [0.5, 2, 3], origin: [1, 2, 3] });
  const labels = createVolume(grid, Uint8Array.of(1, 2, 2, 0, 1, 1, 0, 2, 1));

  it('look at one label and leave the others', () => {
    const kept = keepLargest(labels, 6);
    expect(Array.from(kept.data)).toEqual([0, 2, 2, 0, 1, 1, 0, 2, 0]);
    expect(kept).toMatchObject(grid);
  });

  it('keep the first of equally large components', () => {
    const tie = createVolume(createGrid([5, 1, 1]), Uint8Array.of(0, 1, 0, 1, 0));
    const kept = keepLargest(tie, 26);
    expect(Array.from(kept.data)).toEqual([0, 1, 0, 0, 0]);
  });

  it('measure components in mm³ and keep one of exactly the limit', () => {
    const at = removeSmall(labels, 6, 6);
    expect(Array.from(at.data)).toEqual([0, 2, 2, 0, 1, 1, 0, 2, 0]);
    const above = removeSmall(labels, 6, 6.01);
    expect(Array.from(above.data)).toEqual([0, 2, 2, 0, 0, 0, 0, 2, 0]);
  });
});
