import { describe, expect, it } from '@jest/globals';
import { createGrid } from '@hecktor/volume';
import { createEngine } from './engine.ts';
import { arrayImage, padImage } from './lazy-image.ts';
import { labelsFromTensor, toTensor, type AxisName, type TensorLayout } from './tensor.ts';

const grid = createGrid([37, 5, 41]);
const image = (sign: number) => Float32Array.from({ length: 37 * 5 * 41 }, (_, i) => sign * i);
const data: Record<string, Float32Array> = { ct: image(1), pet: image(-1) };

function tensorOf(values: Record<string, Float32Array>, layout: TensorLayout) {
  const images = Object.entries(values).map(
    ([name, voxels]) => [name, arrayImage(name, { ...grid, data: voxels })] as const,
  );
  return toTensor(new Map(images), layout, createEngine());
}

const ORDERS: AxisName[][] = [
  ['x', 'y', 'z'],
  ['x', 'z', 'y'],
  ['y', 'x', 'z'],
  ['y', 'z', 'x'],
  ['z', 'x', 'y'],
  ['z', 'y', 'x'],
];

describe('toTensor and labelsFromTensor', () => {
  it.each(ORDERS)('puts every voxel where axes %s %s %s say', async (...axes) => {
    const tensor = await tensorOf(data, { channels: ['pet', 'ct'], axes });
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

  it.each(ORDERS)('gives labels in the order %s %s %s back', async (...axes) => {
    const voxels = Uint8Array.from({ length: 37 * 5 * 41 }, (_, i) => i % 251);
    const tensor = await tensorOf({ ct: Float32Array.from(voxels) }, { channels: ['ct'], axes });
    const labels = labelsFromTensor(Uint8Array.from(tensor.data), tensor.dims, axes, grid);
    expect(labels.data).toEqual(voxels);
    expect(labels.size).toEqual(grid.size);
  });

  it.each(ORDERS)('puts padding around the image in the order %s %s %s', async (...axes) => {
    const padded = { ...grid, size: [40, 9, 43] } as const;
    const lazy = padImage(arrayImage('ct', { ...grid, data: data['ct']! }), padded, [2, 1, 0], 7);
    const engine = createEngine();
    const tensor = await toTensor(new Map([['ct', lazy]]), { channels: ['ct'], axes }, engine);
    const whole = arrayImage('ct', {
      ...padded,
      data: await lazy.source.read(lazy.region, engine),
    });
    const same = await toTensor(new Map([['ct', whole]]), { channels: ['ct'], axes }, engine);
    expect(tensor).toEqual(same);
    expect(tensor.data.filter((value) => value === 7)).toHaveLength(40 * 9 * 43 - 37 * 5 * 41 + 1);
  });

  it('does not change or share its images', async () => {
    const before = data['ct']!.slice();
    const tensor = await tensorOf(data, { channels: ['ct'], axes: ['z', 'y', 'x'] });
    tensor.data.fill(0);
    expect(data['ct']!).toEqual(before);
  });

  it.each([
    [{ channels: ['mr'], axes: ['z', 'y', 'x'] }],
    [{ channels: ['toString'], axes: ['z', 'y', 'x'] }],
    [{ channels: [], axes: ['z', 'y', 'x'] }],
    [{ channels: ['ct'], axes: ['z', 'y', 'y'] }],
    [{ channels: ['ct'], axes: ['z', 'y'] }],
  ] as [{ channels: string[]; axes: AxisName[] }][])('refuses %j', async (layout) => {
    await expect(tensorOf(data, layout)).rejects.toThrow('RECIPE_INVALID');
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
