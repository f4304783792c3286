import { expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { boxMask, radiomics, radiomicsNames } from '../index.ts';

interface Golden {
  spacing: Vec3;
  /** Rows of each slice, a digit a voxel; `-` is outside. */
  slices: string[][];
  /** Value and tolerance. */
  features: Record<string, [number, number]>;
}

const { spacing, slices, features } = readGoldenJson<Golden>(
  new URL('../../golden/ibsi-digital-phantom.json', import.meta.url),
);

/** Where PyRadiomics deviates: its value as the IBSI defines it. */
const AS_IBSI: [RegExp, (value: number, voxels: number) => number][] = [
  // Less the kurtosis of a normal distribution.
  [/_Kurtosis$/, (value) => value - 3],
  // By the covariance of a sample.
  [/AxisLength$/, (value, voxels) => value * Math.sqrt(voxels / (voxels - 1))],
];

it('meets the consensus on the digital phantom of the IBSI', async () => {
  const voxels = [...slices.flat().join('')];
  const grid = createGrid([5, 4, 4], { spacing });
  const image = createVolume(
    grid,
    Float32Array.from(voxels, (v) => (v === '-' ? 0 : Number(v))),
  );
  const mask = boxMask(
    Uint8Array.from(voxels, (v) => (v === '-' ? 0 : 1)),
    grid.size,
  )!;
  expect(mask.count).toBe(74);
  const byName = ['Compactness1', 'Compactness2', 'SphericalDisproportion'];
  const shape = radiomicsNames({ featureClass: { shape: null } }).map((n) => n.split('_')[2]!);
  const params = {
    setting: { binWidth: 1 },
    featureClass: {
      shape: [...shape, ...byName],
      ...Object.fromEntries(
        ['firstorder', 'glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm'].map((name) => [name, []]),
      ),
    },
  };
  const found = await radiomics({ image, grid, mask, params });
  const off = Object.entries(features).flatMap(([name, [value, tolerance]]) => {
    const convert = AS_IBSI.find(([pattern]) => pattern.test(name))?.[1];
    const ours = convert?.(found[name]!, mask.count) ?? found[name]!;
    return Math.abs(ours - value) <= tolerance * (1 + 1e-9) ? [] : [{ name, value, ours }];
  });
  expect(off).toEqual([]);
  expect(Object.keys(features).length).toBe(105);
});
