import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import * as api from './index.ts';
import { doseFeatures, maskFeatures } from './index.ts';

const grid = createGrid([6, 5, 4], { spacing: [5, 5, 5] });
const pet = createVolume(
  grid,
  Float32Array.from({ length: 120 }, (_, i) => i / 10),
);
const withVoxels = (...voxels: [index: number, label: number][]) => {
  const labels = emptyVolume(grid, 'uint8');
  for (const [index, label] of voxels) labels.data[index] = label;
  return labels;
};

describe('the public interface', () => {
  it('is what others rely on', () => {
    expect(Object.keys(api).sort()).toEqual([
      'DOSE_FEATURE_NAMES',
      'MASK_FEATURE_NAMES',
      'RADIOMICS_SCHEMA',
      'boxMask',
      'canonicalName',
      'doseFeatures',
      'maskFeatures',
      'parseRadiomicsName',
      'radiomics',
      'radiomicsNames',
      'targetRadiomics',
    ]);
  });
});

describe('a target that is not there', () => {
  it('has no volume, no lesions and no uptake, and nothing else', () => {
    const features = maskFeatures({ labels: withVoxels([7, 1]), pet });
    const nodal = Object.entries(features).filter(([name]) => name.startsWith('mask.GTVn.'));
    expect(Object.fromEntries(nodal)).toEqual({
      'mask.GTVn.volume': 0,
      'mask.GTVn.count': 0,
      'mask.GTVn.MTV': 0,
      'mask.GTVn.TLG': 0,
      'mask.GTVn.left': 0,
      'mask.GTVn.right': 0,
      'mask.GTVn.bilateral': 0,
      'mask.GTVn.contralateral': 0,
      'mask.GTVn.near': 0,
      'mask.GTVn.middle': 0,
      'mask.GTVn.far': 0,
    });
    expect(Object.keys(features).some((name) => name.startsWith('mask.distance'))).toBe(false);
  });

  it('leaves an empty mask with zeros and no dose', () => {
    const labels = withVoxels();
    expect(Object.values(maskFeatures({ labels, pet }))).toEqual(new Array(15).fill(0));
    expect(doseFeatures({ labels, dose: pet, volumesAt: [1] })).toEqual({});
  });
});

describe('an image that does not reach the tumour', () => {
  const away = { ...pet, origin: [500, 0, 0] as const };
  const labels = withVoxels([7, 1], [8, 1]);

  it('gives size without uptake', () => {
    const names = Object.keys(maskFeatures({ labels, pet: away }));
    expect(names).toContain('mask.GTVp.volume');
    expect(names.filter((name) => /GTVp\.(SUV|MTV|TLG)/.test(name))).toEqual([]);
  });

  it('gives no dose at all, and 0 Gy where only a part lies beyond', () => {
    expect(doseFeatures({ labels, dose: away })).toEqual({});
    // The grid begins at the edge between the two voxels.
    const half = createVolume({ ...grid, origin: [10, 0, 0] }, new Float32Array(120).fill(60));
    const features = doseFeatures({ labels, dose: half, volumesAt: [60] });
    expect(features).toMatchObject({ 'dose.GTVp.mean': 30, 'dose.GTVp.V60': 0.5 });
  });
});

describe('lesions', () => {
  it('count from their least volume on, that volume included', () => {
    const labels = withVoxels([0, 2], [3, 2], [119, 2]);
    expect(maskFeatures({ labels, pet })['mask.GTVn.count']).toBe(3);
    expect(maskFeatures({ labels, pet, minLesion: 125 })['mask.GTVn.count']).toBe(3);
    const none = maskFeatures({ labels, pet, minLesion: 126 });
    expect(none['mask.GTVn.count']).toBe(0);
    expect(none).not.toHaveProperty(['mask.GTVn.spread']);
    expect(none['mask.GTVn.volume']).toBeCloseTo(0.375, 12);
  });

  it('that touch are one voxel apart', () => {
    const features = maskFeatures({ labels: withVoxels([7, 1], [8, 2]), pet });
    expect(features['mask.distance.nearest']).toBeCloseTo(5, 12);
    expect(features['mask.distance.farthest']).toBeCloseTo(5, 12);
  });
});

describe('calls that cannot be answered', () => {
  const labels = withVoxels([7, 1]);
  const broken = createVolume(grid, new Float32Array(120).fill(NaN));

  it.each([
    ['labels of another meaning', { labels: withVoxels([3, 3]), pet }, 'INVALID_ARGUMENT'],
    ['a negative least volume', { labels, pet, minLesion: -1 }, 'INVALID_ARGUMENT'],
    ['a PET of another length', { labels, pet: { ...pet, size: [1, 1, 1] } }, 'INVALID_ARGUMENT'],
    ['a PET of NaN', { labels, pet: broken }, 'IMAGE_NOT_FINITE'],
    [
      'labels that are floats',
      { labels: { ...labels, data: new Float32Array(120) }, pet },
      'INVALID_ARGUMENT',
    ],
  ])('refuses %s', (_, options, code) => {
    expect(() => maskFeatures(options as Parameters<typeof maskFeatures>[0])).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([
    ['a threshold of NaN', { labels, dose: pet, volumesAt: [NaN] }, 'INVALID_ARGUMENT'],
    ['a dose of NaN', { labels, dose: broken }, 'IMAGE_NOT_FINITE'],
  ])('refuses %s', (_, options, code) => {
    expect(() => doseFeatures(options)).toThrow(expect.objectContaining({ code }));
  });
});
