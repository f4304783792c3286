import { describe, expect, it } from '@jest/globals';
import { createGrid, type Vec3 } from '@hecktor/volume';
import { isOutside } from './overlap.ts';

const ct = createGrid([10, 10, 10], { spacing: [2, 2, 2], origin: [0, 0, 0] });
const at = (origin: Vec3, direction?: Float64Array) =>
  createGrid([5, 5, 5], {
    spacing: [2, 2, 2],
    origin,
    ...(direction !== undefined && { direction }),
  });

describe('isOutside', () => {
  it.each([
    ['inside', at([4, 4, 4]), false],
    ['partly over the edge', at([18, 0, 0]), false],
    ['edge to edge', at([20, 0, 0]), true],
    ['below', at([0, 0, -40]), true],
    ['mirrored back into it', at([24, 0, 0], Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1)), false],
  ])('judges an image %s', (_, image, expected) => expect(isOutside(image, ct)).toBe(expected));
});
