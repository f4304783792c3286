import { describe, expect, it } from '@jest/globals';
import { ballCase, createRandom } from '@hecktor/testing';
import { createGrid, createVolume, toVec3, voxelCount } from '@hecktor/volume';
import type { Tensor, Volume } from '@hecktor/volume';
import {
  boundSize,
  createLogitsInverter,
  invertLogits,
  parseStep,
  preprocess,
  preprocessLazily,
  type AxisName,
  type LogitsInterpolation,
  type LazyTensor,
} from './index.ts';

/** Every other voxel along each axis: loops over voxels are slow in a test. */
function halved<Data extends Int16Array | Float32Array>(volume: Volume<Data>): Volume<Data> {
  const { size, spacing, origin, direction } = volume;
  const half = toVec3(size.map((n) => n / 2));
  const grid = createGrid(half, {
    spacing: toVec3(spacing.map((mm) => 2 * mm)),
    origin,
    direction,
  });
  const data = new (volume.data.constructor as new (length: number) => Data)(voxelCount(grid));
  data.forEach((_, i) => {
    const [x, y, z] = [
      i % half[0],
      Math.floor(i / half[0]) % half[1],
      Math.floor(i / (half[0] * half[1])),
    ];
    data[i] = volume.data[2 * (x + size[0] * (y + size[1] * z))]!;
  });
  return createVolume(grid, data);
}

const whole = ballCase();
const [ct, pet] = [halved(whole.ct), halved(whole.pet)];

/** The tensor, `most` planes at a time through a buffer that is used again. */
async function readAll({ dims, read }: LazyTensor, most: number): Promise<Tensor> {
  const [, channels = 0, planes = 0, b = 0, c = 0] = dims;
  const area = b * c;
  const all = new Float32Array(channels * planes * area);
  const buffer = new Float32Array(channels * (most + 2) * area).fill(9);
  for (let from = 0; from < planes; from += most) {
    const to = Math.min(from + most, planes);
    await read([from, to], { data: buffer, first: 1, planes: most + 2 });
    for (let k = 0; k < channels; k++) {
      const at = (k * (most + 2) + 1) * area;
      all.set(buffer.subarray(at, at + (to - from) * area), (k * planes + from) * area);
    }
  }
  return { data: all, dims };
}

const onCt = { step: 'resample', to: 'image', image: 'ct', interpolation: 'linear' };
const onBox = { step: 'resample', to: 'common-box', spacing: [6, 6, 6], outside: { ct: -1000 } };
const ctNormalization = {
  ...{ step: 'ct-normalization', image: 'ct', lower: -200, upper: 300 },
  ...{ mean: 20, std: 90 },
};
const recipes: Record<string, readonly object[]> = {
  baseline: [
    onBox,
    { step: 'crop-neck', source: 'pet', size: [15, 15, 18] },
    { step: 'scale-intensity', image: 'ct', from: [-250, 250], to: [-6, 6], clip: true },
    { step: 'z-score', image: 'pet', nonzero: true },
    { step: 'crop-foreground', image: 'ct', above: 0 },
    { step: 'pad', size: [17, 15, 20], value: 2 },
  ],
  'in fractions': [
    { ...onBox, pixelType: 'float32' },
    { step: 'z-score', image: 'ct' },
    { step: 'min-max', image: 'pet' },
  ],
  'nnU-Net at native spacing': [
    onCt,
    { step: 'crop-nonzero' },
    ctNormalization,
    { step: 'z-score', image: 'pet' },
    { step: 'resample-to-spacing', spacing: [...ct.spacing] },
  ],
  'nnU-Net': [
    onCt,
    { step: 'crop-nonzero' },
    ctNormalization,
    { step: 'z-score', image: 'pet' },
    { step: 'resample-to-spacing', spacing: [9, 8, 12] },
    { step: 'pad', size: [24, 15, 25], at: 'both' },
  ],
  'inside a mask': [
    onCt,
    { step: 'crop-nonzero', mask: 'body' },
    { step: 'z-score', image: 'pet', mask: 'body' },
  ],
  turned: [onCt, { step: 'reorient', axcodes: 'SRA' }, { step: 'z-score', image: 'pet' }],
};
const layouts: readonly (readonly AxisName[])[] = [
  ['z', 'y', 'x'],
  ['y', 'x', 'z'],
  ['x', 'z', 'y'],
];
const cases = Object.entries(recipes).flatMap(([name, entries]) => {
  const steps = entries.map(parseStep);
  return layouts.map((axes) => ({ name, axes, steps }));
});

describe('preprocessLazily', () => {
  it.each(cases)('gives the bits of preprocess: $name, $axes', async ({ axes, steps }) => {
    const layout = { channels: ['ct', 'pet'], axes };
    const whole = await preprocess({ ct, pet }, steps, layout);
    const lazy = await preprocessLazily({ ct, pet }, steps, layout, {}, 0);
    expect(await readAll(lazy.tensor, 7)).toEqual(whole.tensor);
    expect(lazy.records).toEqual(whole.records);
    expect(lazy.grid).toEqual(whole.grid);
  });
});

describe('boundSize', () => {
  const first = cases.filter(({ axes }) => axes === layouts[0]);
  it.each(first)('is no smaller than what comes out: $name', async ({ name, axes, steps }) => {
    const { grid } = await preprocess({ ct, pet }, steps, { channels: ['pet'], axes });
    const { size, isHeld } = boundSize({ ct, pet }, steps);
    size.forEach((n, a) => expect(n).toBeGreaterThanOrEqual(grid.size[a]!));
    expect(isHeld).toBe(['nnU-Net', 'inside a mask', 'turned'].includes(name));
    if (name !== 'baseline') expect(size).toEqual(grid.size);
  });

  it('knows the size that a recipe asks for without a voxel', () => {
    const pad = parseStep({ step: 'pad', size: [700, 700, 700], at: 'end', value: 0 });
    expect(boundSize({ ct }, [pad]).size).toEqual([700, 700, 700]);
    const resize = parseStep({ step: 'resize-area', size: [1000, 1000, 1000], grids: 'common' });
    expect(boundSize({ ct }, [resize])).toMatchObject({ size: [1000, 1000, 1000], isHeld: true });
  });
});

describe('createLogitsInverter', () => {
  it.each<{
    readonly axes: readonly AxisName[];
    readonly spacing: readonly number[];
    readonly interpolation: Partial<LogitsInterpolation>;
  }>([
    ...layouts.map((axes) => ({ axes, spacing: [9, 8, 12], interpolation: { order: 1 as const } })),
    { axes: layouts[0]!, spacing: [4, 4, 4], interpolation: { order: 1 } },
    { axes: layouts[0]!, spacing: [4, 4, 30], interpolation: { separateZ: 'auto' } },
    { axes: layouts[1]!, spacing: [9, 8, 12], interpolation: { order: 0 } },
  ])('gives the labels of invertLogits: $axes, $spacing', async (one) => {
    const { axes, spacing } = one;
    const steps = [
      { step: 'resample-to-spacing', spacing: [...spacing] },
      { step: 'pad', size: [20, 20, 20], at: 'both' },
    ].map(parseStep);
    const { tensor, grid, records } = await preprocess({ ct }, steps, { channels: ['ct'], axes });
    const random = createRandom(5);
    const [, , planes = 0, b = 0, c = 0] = tensor.dims;
    const data = Float32Array.from({ length: 2 * planes * b * c }, () => random.normal());
    const interpolation: LogitsInterpolation = {
      ...{ order: 1, orderZ: 0, separateZ: false },
      ...one.interpolation,
    };
    const options = {
      interpolation,
      decode: ({ data: slab }: Tensor) =>
        Uint8Array.from(slab.subarray(0, slab.length / 2), (value, i) =>
          slab[slab.length / 2 + i]! > value ? 1 : 0,
        ),
    } as const;
    const whole = invertLogits(
      { data, dims: [1, 2, planes, b, c] },
      axes,
      { grid, records },
      options,
    );
    const { add, inverted } = createLogitsInverter(axes, { grid, records }, options);
    for (let from = 0; from < planes; from += 5) {
      const [first, to] = [Math.max(0, from - 1), Math.min(from + 5, planes)];
      const parts = [0, 1].flatMap((k) => [
        ...data.subarray((k * planes + first) * b * c, (k * planes + to) * b * c),
      ]);
      add({ data: Float32Array.from(parts), dims: [1, 2, to - first, b, c] }, first);
    }
    expect(inverted.labels.data).toEqual(whole.labels.data);
    expect(new Set(whole.labels.data)).toEqual(new Set([0, 1]));
    expect(inverted.records).toEqual(whole.records);
  });
});
