import { describe, expect, it } from '@jest/globals';
import { boxOf, copyBox, pasteBox, type Region } from './index.ts';

const size = [4, 3, 2] as const;
const mask = (...voxels: number[]) => {
  const data = new Uint8Array(24);
  for (const at of voxels) data[at] = 1;
  return data;
};

describe('the box of masks', () => {
  it('holds the voxels of all of them and no slice more', () => {
    expect(boxOf(size, mask(1, 6))).toEqual({ start: [1, 0, 0], size: [2, 2, 1] });
    expect(boxOf(size, mask(6), mask(12 + 11))).toEqual({ start: [2, 1, 0], size: [2, 2, 2] });
  });

  it('is missing where they are empty', () => {
    expect(boxOf(size, mask(), mask())).toBeUndefined();
  });
});

it('cuts a box out and puts it back where it was', () => {
  const data = Uint8Array.from({ length: 24 }, (_, at) => at);
  const box: Region = { start: [1, 1, 0], size: [2, 2, 2] };
  const cut = copyBox({ data, size }, box, new Uint8Array(8));
  expect([...cut]).toEqual([5, 6, 9, 10, 17, 18, 21, 22]);
  const back = new Uint8Array(24);
  pasteBox(cut, box, size, back);
  expect(back).toEqual(data.map((value, at) => (cut.includes(value) ? at : 0)));
});
