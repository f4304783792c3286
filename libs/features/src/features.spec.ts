import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson, readSparseDoseCase, realDataDir } from '@hecktor/testing';
import { arrayClassOf, createVolume } from '@hecktor/volume';
import type { NumericVoxelArray, ScalarType, Vec3, Volume } from '@hecktor/volume';
import { DOSE_FEATURE_NAMES, doseFeatures, MASK_FEATURE_NAMES, maskFeatures } from './index.ts';

interface Stored {
  size: Vec3;
  spacing: Vec3;
  origin: Vec3;
  direction: number[];
  type: ScalarType;
  offset: number;
  count: number;
}

interface Golden {
  minLesion: number;
  doses: number[];
  cases: {
    name: string;
    labels: Stored;
    pet: Stored;
    dose: Stored;
    mask: Record<string, number>;
    inDose: Record<string, number>;
  }[];
  realDose: Record<string, { voxels: number; [feature: string]: number }>;
}

const golden = readGoldenJson<Golden>(new URL('../golden/features.json', import.meta.url));
const bytes = Uint8Array.from(readFileSync(new URL('../golden/features.bin', import.meta.url)));

function load<T extends NumericVoxelArray>(stored: Stored): Volume<T> {
  const Class = arrayClassOf(stored.type);
  const grid = { ...stored, direction: Float64Array.from(stored.direction) };
  return createVolume(grid, new Class(bytes.buffer, stored.offset, stored.count) as unknown as T);
}

/** Float32 values and matrices inverted in another way: six digits agree. */
function expectFeatures(actual: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const off = Math.abs(actual[name]! - value);
    expect({ name, off: off <= 1e-6 * Math.max(Math.abs(value), 1) ? 0 : off }).toEqual({
      name,
      off: 0,
    });
  }
}

describe.each(golden.cases)('$name', (entry) => {
  const labels = load<Uint8Array>(entry.labels);
  const pet = load<Float32Array>(entry.pet);
  const dose = load<Float32Array>(entry.dose);

  it('has the mask features of PyRadiomics, SciPy and NumPy', () => {
    const features = maskFeatures({ labels, pet, minLesion: golden.minLesion });
    expectFeatures(features, entry.mask);
    expect(maskFeatures({ labels, pet })).toEqual(features);
    for (const name of Object.keys(features)) expect(MASK_FEATURE_NAMES).toContain(name);
  });

  it('has the dose features of SimpleITK and NumPy', () => {
    const features = doseFeatures({ labels, dose, volumesAt: golden.doses });
    expectFeatures(features, entry.inDose);
    for (const name of Object.keys(doseFeatures({ labels, dose }))) {
      expect(DOSE_FEATURE_NAMES).toContain(name);
    }
  });

  it('does not change its input', () => {
    const before = [labels, pet, dose].map(({ data }) => data.slice());
    maskFeatures({ labels, pet });
    doseFeatures({ labels, dose, volumesAt: [50] });
    expect([labels, pet, dose].map(({ data }) => data)).toEqual(before);
  });
});

const data = realDataDir();
const onRealData = data === undefined ? describe.skip : describe;

onRealData('the real dose of pt_275', () => {
  const planning =
    data === undefined ? undefined : readSparseDoseCase(join(data, 'hn-dose/pt_275'));

  it.each(Object.entries(golden.realDose))('in %s is what NumPy finds', (name, expected) => {
    const { dose, structure } = planning!;
    const labels = structure(name);
    const { voxels, ...wanted } = expected;
    expect(labels.data.reduce((sum, v) => sum + v, 0)).toBe(voxels);
    const features = doseFeatures({ labels, dose, volumesAt: golden.doses });
    for (const [feature, value] of Object.entries(wanted)) {
      expect(features[`dose.GTVp.${feature}`]).toBeCloseTo(value, 6);
    }
  });

  it('lies on voxels of 3.9 x 3.9 x 2.5 mm and is highest in PTV70', () => {
    const { dose, grid } = planning!;
    expect(grid).toMatchObject({ size: [128, 128, 128], spacing: [3.906, 3.906, 2.5] });
    const highest = dose.data.reduce((most, v) => Math.max(most, v), 0);
    expect(highest).toBeGreaterThan(70);
    expect(highest).toBeLessThan(80);
  });
});
