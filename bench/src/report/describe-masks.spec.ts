import { createGrid, createVolume } from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { describeMasks } from './describe-masks.ts';

const mask = (...labels: number[]) => createVolume(createGrid([4, 1, 1]), Uint8Array.from(labels));

describe('describeMasks', () => {
  it('tells the share of equal voxels and the Dice of each label', () => {
    expect(describeMasks(mask(0, 1, 1, 2), mask(0, 1, 0, 2))).toBe(
      "Masks, ours and Python's: 75.0000% of all voxels equal; " +
        'label 1 Dice 0.6667 (2 voxels), label 2 Dice 1.0000 (1 voxels).',
    );
  });

  it('tells different grids', () => {
    const moved = createVolume(createGrid([4, 1, 1], { origin: [1, 0, 0] }), new Uint8Array(4));
    expect(describeMasks(mask(0, 0, 0, 0), moved)).toContain('different grids');
  });
});
