import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import {
  assertGrid,
  assertSameGrid,
  createGrid,
  createVolume,
  HEADER_TOLERANCE,
  isSameGrid,
} from './index.ts';
import type { Grid } from './index.ts';

const GOOD = createGrid([2, 3, 4], { spacing: [1, 1, 3], origin: [0, -5, 9] });

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('assertGrid', () => {
  const bad: [string, Partial<Grid>][] = [
    ['a zero size', { size: [0, 3, 4] }],
    ['a fractional size', { size: [2.5, 3, 4] }],
    ['a NaN spacing', { spacing: [1, NaN, 3] }],
    ['a negative spacing', { spacing: [1, -1, 3] }],
    ['an infinite origin', { origin: [0, Infinity, 0] }],
    ['a short direction', { direction: Float64Array.of(1, 0, 0) }],
    ['a sheared direction', { direction: Float64Array.of(1, 0.1, 0, 0, 1, 0, 0, 0, 1) }],
    ['a scaled direction', { direction: Float64Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1) }],
    ['a NaN direction', { direction: Float64Array.of(NaN, 0, 0, 0, 1, 0, 0, 0, 1) }],
  ];
  it.each(bad)('refuses %s and names the file', (_, fields) => {
    const error = thrownBy(() => assertGrid({ ...GOOD, ...fields }, { file: 'ct.mha' }));
    expect(isHecktorError(error, 'IMAGE_GEOMETRY_INVALID')).toBe(true);
    expect((error as Error).message).toContain('[ct.mha]');
  });

  it('takes a grid and its mirror image', () => {
    const mirrored = Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1);
    expect(thrownBy(() => assertGrid(GOOD))).toBeUndefined();
    expect(thrownBy(() => assertGrid({ ...GOOD, direction: mirrored }))).toBeUndefined();
  });
});

describe('createVolume', () => {
  it('refuses a voxel array of another length', () => {
    const error = thrownBy(() => createVolume(GOOD, new Uint8Array(23)));
    expect(isHecktorError(error, 'INVALID_ARGUMENT')).toBe(true);
  });

  it('does not copy the voxels', () => {
    const data = new Int16Array(24);
    expect(createVolume(GOOD, data).data).toBe(data);
  });
});

describe('assertSameGrid', () => {
  it.each([
    ['size', { size: [2, 3, 5] }],
    ['spacing', { spacing: [1, 1, 3.001] }],
    ['origin', { origin: [0, -5, 9.01] }],
    ['direction', { direction: Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1) }],
  ] as [string, Partial<Grid>][])('names the %s that differs', (field, fields) => {
    const other = { ...GOOD, ...fields };
    const error = thrownBy(() => assertSameGrid(GOOD, other));
    expect(isHecktorError(error, 'OUTPUT_GRID_MISMATCH')).toBe(true);
    expect((error as Error).message).toContain(`${field} is [`);
    expect(isSameGrid(GOOD, other)).toBe(false);
  });

  it('forgives rounding below a micrometre', () => {
    const other: Grid = { ...GOOD, origin: [1e-8, -5, 9] };
    expect(thrownBy(() => assertSameGrid(GOOD, other))).toBeUndefined();
    expect(isSameGrid(GOOD, other)).toBe(true);
  });

  it('forgives what file formats round, if asked to', () => {
    const angle = 0.3;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const exact = createGrid([512, 512, 200], {
      spacing: [0.9765625, 0.9765625, 3.27],
      origin: [-249.51171875, -421.3456789, 1203.123456789],
      direction: Float64Array.of(c, -s, 0, s, c, 0, 0, 0, 1),
    });
    const inFloat32: Grid = {
      ...exact,
      spacing: exact.spacing.map((value) => Math.fround(value)) as [number, number, number],
      origin: exact.origin.map((value) => Math.fround(value)) as [number, number, number],
      direction: exact.direction.map((value) => Math.fround(value) + 5e-6),
    };
    expect(isSameGrid(exact, inFloat32)).toBe(false);
    expect(isSameGrid(exact, inFloat32, HEADER_TOLERANCE)).toBe(true);
    expect(thrownBy(() => assertSameGrid(exact, inFloat32, HEADER_TOLERANCE))).toBeUndefined();
    const shifted: Grid = { ...exact, origin: [-249.4, -421.3456789, 1203.123456789] };
    expect(isSameGrid(exact, shifted, HEADER_TOLERANCE)).toBe(false);
  });
});
