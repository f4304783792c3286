import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume } from '@hecktor/volume';
import { labelsFromTensor, toTensor, type AxisName } from './tensor.ts';
import type { Prepared } from './types.ts';

const grid = createGrid([37, 5, 41]);
const image = (sign: number) =>
  createVolume(
    grid,
    Float32Array.from({ length: 37 * 5 * 41 }, (_, i) => sign * i),
  );
const prepared: Prepared = { images: { ct: image(1), pet: image(-1) }, grid, records: [] };

const ORDERS: AxisName[][] = [
  ['x', 'y', 'z'],
  ['x', 'z', 'y'],
  ['y', 'x', 'z'],
  ['y', 'z', 'x'],
  ['z', 'x', 'y'],
  ['z', 'y', 'x'],
];

describe('toTensor and labelsFromTensor', () => {
  it.each(ORDERS)('puts every voxel where axes %s %s %s say', (...axes) => {
    const tensor = toTensor(prepared, { channels: ['pet', 'ct'], axes });
    const sizes = { x: 37, y: 5, z: 41 };
    expect(tensor.dims).toEqual([1, 2, ...axes.map((axis) => sizes[axis])]);
    const half = tensor.data.length / 2;
    let at = 0;
    for (let a = 0; a < sizes[axes[0]!]; a++) {
      for (let b = 0; b < sizes[axes[1]!]; b++) {
        for (let c = 0; c < sizes[axes[2]!]; c++, at++) {
          const index = { [axes[0]!]: a, [axes[1]!]: b, [axes[2]!]: c } as Record<AxisName, number>;
          const voxel = index.x + 37 * (index.y + 5 * index.z);
          if (tensor.data[at] !== -voxel || tensor.data[at + half] !== voxel) {
            throw new Error(`element ${at} is ${tensor.data[at]}, expected ${-voxel}`);
          }
        }
      }
    }
  });

  it.each(ORDERS)('gives labels in the order %s %s %s back', (...axes) => {
    const voxels = Uint8Array.from({ length: 37 * 5 * 41 }, (_, i) => i % 251);
    const asImage = { ...prepared.images['ct']!, data: Float32Array.from(voxels) };
    const tensor = toTensor({ ...prepared, images: { ct: asImage } }, { channels: ['ct'], axes });
    const labels = labelsFromTensor(Uint8Array.from(tensor.data), tensor.dims, axes, grid);
    expect(labels.data).toEqual(voxels);
    expect(labels.size).toEqual(grid.size);
  });

  it('does not change or share its images', () => {
    const before = prepared.images['ct']!.data.slice();
    const tensor = toTensor(prepared, { channels: ['ct'], axes: ['z', 'y', 'x'] });
    tensor.data.fill(0);
    expect(prepared.images['ct']!.data).toEqual(before);
  });

  it.each([
    [{ channels: ['mr'], axes: ['z', 'y', 'x'] }],
    [{ channels: ['toString'], axes: ['z', 'y', 'x'] }],
    [{ channels: [], axes: ['z', 'y', 'x'] }],
    [{ channels: ['ct'], axes: ['z', 'y', 'y'] }],
    [{ channels: ['ct'], axes: ['z', 'y'] }],
  ] as [{ channels: string[]; axes: AxisName[] }][])('refuses %j', (layout) => {
    expect(() => toTensor(prepared, layout)).toThrow('RECIPE_INVALID');
  });

  it.each([
    [[5, 37, 41], 37 * 5 * 41 - 1],
    [[37, 5, 41], 37 * 5 * 41],
    [[2, 5, 37, 41], 37 * 5 * 41],
    [[37 * 5 * 41], 37 * 5 * 41],
  ])('refuses labels with dims %j and %i values', (dims, length) => {
    const labels = new Uint8Array(length);
    expect(() => labelsFromTensor(labels, dims, ['y', 'x', 'z'], grid)).toThrow('INVALID_ARGUMENT');
  });
});
