import { expect, it } from '@jest/globals';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import { maskFeatures } from './index.ts';

it('takes the midline from the body of the CT, not from the middle of the image', () => {
  const grid = createGrid([40, 8, 6], { spacing: [5, 5, 5], origin: [-100, 0, 0] });
  const labels = emptyVolume(grid, 'uint8');
  // A node at x = 10 of 40: right of the image's middle, left of that of a body from 0 to 15.
  labels.data.set([2, 2], 10 + 40 * (4 + 8 * 3));
  labels.data.set([1, 1], 2 + 40 * (4 + 8 * 3));
  const pet = createVolume(grid, new Float32Array(40 * 8 * 6).fill(1));
  const ct = createVolume(
    grid,
    Int16Array.from(labels.data, (_, at) => (at % 40 < 16 ? 40 : -1000)),
  );
  expect(maskFeatures({ labels, pet })).toMatchObject({
    'mask.GTVn.left': 0,
    'mask.GTVn.right': 1,
    'mask.GTVn.contralateral': 0,
  });
  expect(maskFeatures({ labels, pet, ct })).toMatchObject({
    'mask.GTVn.left': 1,
    'mask.GTVn.right': 0,
    'mask.GTVn.bilateral': 0,
    'mask.GTVn.contralateral': 1,
    'mask.GTVn.middle': 1,
    'mask.distance.mean': 40,
    'mask.distance.lowest': 0,
    'mask.GTVn.extentX': 10,
  });
});
