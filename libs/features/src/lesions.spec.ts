import { expect, it } from '@jest/globals';
import { createGrid, createVolume } from '@hecktor/volume';
import { lesionsOf } from './uptake.ts';

const mask = createVolume(
  createGrid([8, 2, 1], { spacing: [10, 10, 10] }),
  Uint8Array.from('1100010200110000', Number),
);
const pet = (...values: readonly number[]) =>
  createVolume(createGrid([4, 2, 1], { spacing: [10, 10, 10] }), Float32Array.from(values));

it('has the voxels, volume and SUVmax of each component, in scan order', () => {
  const uptake = pet(1, 2, 3, 4, 5, 6, 7, 8);
  const [first, second, third] = lesionsOf(mask, 1, 6, uptake);
  expect([...first!.indices]).toEqual([0, 0, 0, 1, 0, 0]);
  expect(first).toMatchObject({ volume: 2, suvMax: 2 });
  // Beyond the PET.
  expect(second).toMatchObject({ volume: 1, suvMax: undefined });
  expect(third).toMatchObject({ volume: 2, suvMax: 8 });
  const touching = lesionsOf(mask, 1, 26, uptake);
  expect(touching).toHaveLength(2);
  expect([...touching[0]!.indices]).toEqual([0, 0, 0, 1, 0, 0, 2, 1, 0, 3, 1, 0]);
  expect(lesionsOf(mask, 2, 26)).toEqual([
    { indices: Int32Array.of(7, 0, 0), volume: 1, suvMax: undefined },
  ]);
});

it('refuses a PET with NaN inside a lesion, as features do, and minds none elsewhere', () => {
  expect(lesionsOf(mask, 1, 6, pet(1, 2, NaN, 4, 5, 6, 7, 8))).toHaveLength(3);
  expect(() => lesionsOf(mask, 1, 6, pet(1, NaN, 3, 4, 5, 6, 7, 8))).toThrow(
    expect.objectContaining({ code: 'IMAGE_NOT_FINITE' }),
  );
});
