import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, type NumericVoxelArray, type Volume } from '@hecktor/volume';
import { checkIntensities } from './check-intensities.ts';

const warningsOf = ({ ct, pet }: Record<'ct' | 'pet', Volume<NumericVoxelArray>>) =>
  checkIntensities(ct.data, pet.data).warnings;

const GRID = createGrid([2, 2, 1]);
const CT = createVolume(GRID, Int16Array.of(-1000, 40, 60, 900));
const PET = createVolume(GRID, Float32Array.of(0, 0.5, 12, -0.01));
const ct = (...values: number[]) => ({
  ct: createVolume(GRID, Float32Array.from(values)),
  pet: PET,
});
const pet = (...values: number[]) => ({
  ct: CT,
  pet: createVolume(GRID, Float32Array.from(values)),
});

describe('checkIntensities', () => {
  it('has nothing to say about a CT and a PET', () => {
    expect(warningsOf({ ct: CT, pet: PET })).toEqual([]);
  });

  it('judges by all voxels what a sample makes it doubt', () => {
    const spot = createVolume(createGrid([100, 10, 1]), new Float32Array(1000));
    spot.data[500] = 7;
    expect(warningsOf({ ct: CT, pet: spot })).toEqual([]);
    spot.data[500] = -7;
    expect(warningsOf({ ct: CT, pet: spot })).toEqual(['the PET shows no uptake above 0']);
  });

  it('gives ranges of a sample, and those of all voxels where it doubts', () => {
    const voxels = new Int16Array(100).fill(-1000);
    voxels[31] = 40;
    voxels[32] = 900;
    const { ranges } = checkIntensities(voxels, PET.data);
    expect(ranges.ct).toEqual({ lowest: -1000, highest: 40, everyNth: 31 });
    expect(ranges.pet).toEqual({ lowest: Math.fround(-0.01), highest: 12, everyNth: 1 });
  });

  it.each([
    ['a constant CT', ct(5, 5, 5, 5), 'same value'],
    ['a CT with an offset', ct(24, 1064, 1084, 1924), 'an offset'],
    ['a CT of stored values', ct(0, 1024, 1084, 4095), 'its rescale intercept'],
    ['a PET as CT', ct(0, 0.5, 12, 3), 'CT and PET may be swapped'],
    ['a PET in Bq/mL as CT', ct(0, 900, 4000, 45000), 'CT and PET may be swapped'],
    ['a CT in other units', ct(0.1, 0.9, 1, 1.9), 'other units'],
    ['a constant PET', pet(1, 1, 1, 1), 'same value'],
    ['a negated PET', pet(0, -0.5, -12, 0), 'no uptake'],
    ['a CT as PET', pet(-1000, 40, 60, 900), 'swapped'],
  ])('doubts %s', (_, images, words) => {
    const doubts = warningsOf(images);
    expect(doubts).toHaveLength(1);
    expect(doubts[0]).toContain(words);
  });
});
