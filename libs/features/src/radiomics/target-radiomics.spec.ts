import { expect, it } from '@jest/globals';
import { resampleVolume } from '@hecktor/preprocessing';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import { boxMask, radiomics, targetRadiomics, type RadiomicsEntry } from '../index.ts';

const grid = createGrid([24, 20, 16], { spacing: [2, 2, 2], origin: [-10, 5, 30] });
const labels = emptyVolume(grid, 'uint8');
const at = (x: number, y: number, z: number): number => x + 24 * (y + 20 * z);
/** A box of a label. */
function fill(label: number, [x, y, z]: readonly number[], [a, b, c]: readonly number[]): void {
  for (let k = z!; k < z! + c!; k++) {
    for (let j = y!; j < y! + b!; j++) {
      labels.data.fill(label, at(x!, j, k), at(x! + a!, j, k));
    }
  }
}
fill(1, [2, 3, 2], [6, 5, 4]);
fill(2, [14, 4, 3], [3, 3, 3]);
fill(2, [12, 12, 8], [5, 4, 4]);
// 3 x 8 mm3: no lesion.
fill(2, [20, 2, 12], [3, 1, 1]);
const petGrid = createGrid([12, 12, 12], { spacing: [4, 4, 4], origin: [-11, 4, 28] });
const pet = createVolume(
  petGrid,
  Float32Array.from({ length: 12 ** 3 }, (_, i) => 5 + 4 * Math.sin(i * 0.37)),
);
const voxels = 'original_shape_VoxelVolume';
const params = { setting: { binWidth: 0.5, resampledPixelSpacing: [2, 2, 2] } };

it('measures targets, both together, and lesions by size', async () => {
  const names = ['GTVp', 'GTVn', 'GTV', 'GTVn#1', 'GTVn#2', 'GTVn#3', 'GTVp#1'].map(
    (region) => `radiomics.a.${region}.${voxels}`,
  );
  const entries = { a: { image: 'pet', params } as RadiomicsEntry };
  expect(await targetRadiomics({ labels, images: { pet }, entries, names })).toEqual({
    [`radiomics.a.GTVp.${voxels}`]: 120 * 8,
    [`radiomics.a.GTVn.${voxels}`]: 110 * 8,
    [`radiomics.a.GTV.${voxels}`]: 230 * 8,
    [`radiomics.a.GTVn#1.${voxels}`]: 80 * 8,
    [`radiomics.a.GTVn#2.${voxels}`]: 27 * 8,
    [`radiomics.a.GTVp#1.${voxels}`]: 120 * 8,
  });
});

it('brings the image onto the mask, or the mask onto the image', async () => {
  const names = ['original_firstorder_Mean', voxels].map((name) => `radiomics.a.GTVp.${name}`);
  const of = (entry: object) =>
    targetRadiomics({
      labels,
      images: { pet },
      entries: { a: { image: 'pet', ...entry } as RadiomicsEntry },
      names,
    });
  const moved = await resampleVolume(pet, grid, { name: 'pet', interpolation: 'bspline' });
  const data = labels.data.map((label) => (label === 1 ? 1 : 0));
  const mask = boxMask(data, grid.size)!;
  const expected = await radiomics({ image: moved, grid, mask });
  expect(await of({ grid: 'mask', interpolation: 'bspline' })).toEqual({
    'radiomics.a.GTVp.original_firstorder_Mean': expected['original_firstorder_Mean'],
    [`radiomics.a.GTVp.${voxels}`]: 120 * 8,
  });
  // 6 x 5 x 4 voxels of 2 mm hold the centres of 3 x 2 x 2 of 4 mm.
  expect((await of({}))[`radiomics.a.GTVp.${voxels}`]).toBe(12 * 64);
});

it('gives nothing without tumour, without the image, and for a target beyond it', async () => {
  const entries = { a: { image: 'pet' } as RadiomicsEntry };
  const names = [`radiomics.a.GTVp.${voxels}`];
  const images = { pet };
  const empty = emptyVolume(grid, 'uint8');
  expect(await targetRadiomics({ labels: empty, images, entries, names })).toEqual({});
  expect(await targetRadiomics({ labels, images: {}, entries, names })).toEqual({});
  const away = { pet: { ...pet, origin: [500, 0, 0] as const } };
  expect(await targetRadiomics({ labels, images: away, entries, names })).toEqual({});
});

it('finds features by either way to write sigma, and does not change its input', async () => {
  const before = [labels.data.slice(), pet.data.slice()];
  const log = ['1', '1-0'].map((sigma) => `log-sigma-${sigma}-mm-3D_firstorder_Mean`);
  const entry = { image: 'pet', params: { ...params, imageType: { LoG: { sigma: [1] } } } };
  const found = await targetRadiomics({
    labels,
    images: { pet },
    entries: { a: entry as RadiomicsEntry },
    names: log.map((name) => `radiomics.a.GTVp.${name}`),
  });
  expect(Object.keys(found)).toEqual(log.map((name) => `radiomics.a.GTVp.${name}`));
  expect(new Set(Object.values(found)).size).toBe(1);
  expect([labels.data, pet.data]).toEqual(before);
});

it.each([{}, { params }])(
  'refuses NaN inside a tumour, naming the image (%j)',
  async (settings) => {
    const spoilt = {
      ...pet,
      data: pet.data.map((v, i) => (i === 3 + 12 * (2 + 12 * 2) ? NaN : v)),
    };
    const wanted = targetRadiomics({
      labels,
      images: { pet: spoilt },
      entries: { a: { image: 'pet', ...settings } as RadiomicsEntry },
      names: ['radiomics.a.GTVp.original_firstorder_Mean'],
    });
    await expect(wanted).rejects.toThrow('the image "pet" holds NaN');
  },
);

it('refuses NaN that a filter sees beyond the tumour', async () => {
  const spoilt = createVolume(petGrid, pet.data.slice());
  spoilt.data[12 ** 3 - 1] = NaN;
  const of = (type: string, feature: string) =>
    targetRadiomics({
      ...{ labels, images: { pet: spoilt } },
      entries: {
        a: { image: 'pet', params: { imageType: { [type]: { sigma: [2] } } } } as RadiomicsEntry,
      },
      names: [`radiomics.a.GTVp.${feature}_firstorder_Mean`],
    });
  expect(Object.keys(await of('Original', 'original'))).toHaveLength(1);
  for (const [type, feature] of [
    ['LoG', 'log-sigma-2-0-mm-3D'],
    ['Square', 'square'],
  ] as const) {
    await expect(of(type, feature)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FINITE',
      message: expect.stringContaining('"pet"'),
    });
  }
});

it('refuses bins that are far too narrow, before their matrices take the memory', async () => {
  const names = ['radiomics.a.GTVp.original_glcm_Contrast'];
  const of = (binWidth: number) =>
    targetRadiomics({
      ...{ labels, images: { pet }, names },
      entries: { a: { image: 'pet', params: { setting: { binWidth } } } as RadiomicsEntry },
    });
  expect(Object.keys(await of(1e-3))).toEqual(names);
  await expect(of(1e-12)).rejects.toMatchObject({
    code: 'RECIPE_INVALID',
    message: expect.stringContaining('"binWidth" 1e-12 makes more than 8192 grey levels'),
  });
});
