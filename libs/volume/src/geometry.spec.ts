import { describe, expect, it } from '@jest/globals';
import { createGrid, voxelCount } from './index.ts';
import { sameNumbers, voxelToWorld, worldToVoxel } from './index.ts';

/** 30 degrees about z, then axes y and z swapped with a flip: still a rotation. */
const c = Math.cos(Math.PI / 6);
const s = Math.sin(Math.PI / 6);
const OBLIQUE = Float64Array.of(c, 0, s, s, 0, -c, 0, 1, 0);

describe('geometry', () => {
  const grid = createGrid([4, 5, 6], {
    spacing: [0.5, 2, 3],
    origin: [-10, 20, 5],
    direction: OBLIQUE,
  });

  it('puts voxel (0, 0, 0) at the origin', () => {
    expect(voxelToWorld(grid, [0, 0, 0])).toEqual([-10, 20, 5]);
  });

  it('moves along the columns of the direction, scaled by the spacing', () => {
    const [x, y, z] = voxelToWorld(grid, [2, 0, 0]);
    expect(x).toBeCloseTo(-10 + c, 12);
    expect(y).toBeCloseTo(20 + s, 12);
    expect(z).toBeCloseTo(5, 12);
    expect(voxelToWorld(grid, [0, 3, 0])[2]).toBeCloseTo(11, 12);
  });

  it('is inverted by worldToVoxel', () => {
    for (const index of [
      [0, 0, 0],
      [3, 4, 5],
      [-1.25, 7.5, 0.1],
    ] as const) {
      const back = worldToVoxel(grid, voxelToWorld(grid, index));
      expect(sameNumbers(back, index, 1e-12)).toBe(true);
    }
  });

  it('counts voxels', () => expect(voxelCount(grid)).toBe(120));

  it('never calls NaN the same', () => {
    expect(sameNumbers([1, NaN], [1, NaN], 1)).toBe(false);
    expect(sameNumbers([1], [1, 2], 1)).toBe(false);
  });
});
