import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, toVec3, voxelCount } from '@hecktor/volume';
import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { boxMask, radiomics, radiomicsNames, type BoxMask } from '../index.ts';

/** Value and tolerance. */
type Consensus = Record<string, [number, number]>;
interface DigitalPhantom {
  spacing: Vec3;
  /** Rows of each slice, a digit a voxel; `-` is outside. */
  slices: string[][];
  features: Consensus;
}

const golden = (name: string): URL => new URL(`../../golden/${name}.json`, import.meta.url);
const digitalPhantom = readGoldenJson<DigitalPhantom>(golden('ibsi-digital-phantom'));
const ctPhantom = readGoldenJson<{ features: Consensus }>(golden('ibsi-ct-phantom'));

/** Where PyRadiomics deviates: its value as the IBSI defines it. */
const AS_IBSI: [RegExp, (value: number, voxels: number) => number][] = [
  // Less the kurtosis of a normal distribution.
  [/_Kurtosis$/, (value) => value - 3],
  // By the covariance of a sample.
  [/AxisLength$/, (value, voxels) => value * Math.sqrt(voxels / (voxels - 1))],
];

async function expectConsensus(
  image: Volume<NumericVoxelArray>,
  mask: BoxMask,
  setting: object,
  features: Consensus,
): Promise<void> {
  const shape = radiomicsNames({ featureClass: { shape: null } }).map((n) => n.split('_')[2]!);
  const others = ['firstorder', 'glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm'];
  const featureClass = {
    shape: [...shape, 'Compactness1', 'Compactness2', 'SphericalDisproportion'],
    ...Object.fromEntries(others.map((name) => [name, []])),
  };
  const found = await radiomics({ image, grid: image, mask, params: { setting, featureClass } });
  const off = Object.entries(features).flatMap(([name, [value, tolerance]]) => {
    const convert = AS_IBSI.find(([pattern]) => pattern.test(name))?.[1];
    const ours = convert?.(found[name]!, mask.count) ?? found[name]!;
    return Math.abs(ours - value) <= tolerance * (1 + 1e-9)
      ? []
      : [{ name, value, tolerance, ours }];
  });
  expect(off).toEqual([]);
}

it('meets the consensus on the digital phantom of the IBSI', async () => {
  const { slices, spacing, features } = digitalPhantom;
  const voxels = [...slices.flat().join('')];
  const grid = createGrid([5, 4, 4], { spacing });
  const image = createVolume(
    grid,
    Float32Array.from(voxels, (v) => (v === '-' ? 0 : Number(v))),
  );
  const inside = Uint8Array.from(voxels, (v) => (v === '-' ? 0 : 1));
  const mask = boxMask(inside, grid.size)!;
  expect(mask.count).toBe(74);
  expect(Object.keys(features).length).toBe(105);
  await expectConsensus(image, mask, { binWidth: 1 }, features);
});

const folder = process.env['IBSI_CT_PHANTOM'];
// CC BY-NC: not in the repository, and no test that is skipped where nobody has it.
const onPhantom = (name: string, run: () => Promise<void>): void => {
  if (folder !== undefined) it(name, run);
};

onPhantom('meets the consensus on the CT phantom of the IBSI, configuration A', async () => {
  const read = (file: string): DataView => {
    const bytes = Uint8Array.from(gunzipSync(readFileSync(join(folder!, file))));
    return new DataView(bytes.buffer);
  };
  const header = read('image/phantom.nii.gz');
  const size = toVec3([42, 44, 46].map((at) => header.getInt16(at, true)));
  const spacing = toVec3([80, 84, 88].map((at) => header.getFloat32(at, true)));
  const grid = createGrid(size, { spacing });
  const values = niftiValues(header, voxelCount(grid)).map(Math.round);
  const inside = niftiValues(read('mask/mask.nii.gz'), voxelCount(grid));
  const mask = boxMask(
    Uint8Array.from(inside, (v) => Math.round(v)),
    size,
  )!;
  const setting = { binWidth: 25, resegmentRange: [-500, 400], force2D: true };
  await expectConsensus(createVolume(grid, values), mask, setting, ctPhantom.features);
});

function niftiValues(file: DataView, count: number): Float32Array {
  const from = file.getFloat32(108, true);
  const type = file.getInt16(70, true);
  const at: Record<number, (i: number) => number> = {
    2: (i) => file.getUint8(from + i),
    4: (i) => file.getInt16(from + 2 * i, true),
    16: (i) => file.getFloat32(from + 4 * i, true),
    64: (i) => file.getFloat64(from + 8 * i, true),
  };
  return Float32Array.from({ length: count }, (_, i) => at[type]!(i));
}
