import { HecktorError } from '@hecktor/errors';
import { createVolume, perAxis, voxelCount } from '@hecktor/volume';
import type { Grid, Tensor, Vec3, Volume } from '@hecktor/volume';
import type { Engine } from './engine.ts';
import { cropImage, placedBox, type LazyImage } from './lazy-image.ts';
import type { LazyImages } from './steps/step.ts';

export type AxisName = 'x' | 'y' | 'z';

/** How images become a tensor. */
export interface TensorLayout {
  /** Names of the images, in the order of the channels. */
  readonly channels: readonly string[];
  /** The voxel axes in the order of the tensor's spatial axes, slowest first. */
  readonly axes: readonly AxisName[];
}

/** Most voxels of a channel that are made at once where memory is short: 64 MiB. */
const MOST_VOXELS = 2 ** 24;
/** Values that lie beside each other and are moved at once: a line of a processor's cache. */
const TILE = 16;

/**
 * Stacks images of one grid into a tensor of shape [1, channels, A, B, C].
 *
 * @throws HecktorError RECIPE_INVALID for an image that is not there or axes that are not x, y and
 * z in some order.
 */
export async function toTensor(
  images: LazyImages,
  layout: TensorLayout,
  engine: Engine,
): Promise<Tensor> {
  const { dims, read } = lazyTensor(images, layout, engine);
  const [, , planes] = dims as [number, number, number];
  const data = new Float32Array(dims.reduce((product, n) => product * n, 1));
  await read([0, planes], { data, first: 0, planes });
  return { data, dims };
}

/** A tensor whose planes along its first spatial axis are made when they are read. */
export interface LazyTensor {
  /** [1, channels, a, b, c] */
  readonly dims: readonly number[];
  /** Writes the planes `[from, to)` of all channels. */
  readonly read: (range: readonly [number, number], to: PlaneBuffer) => Promise<void>;
}

/** An array [channels, planes, b, c]; what is read goes to the planes from `first` on. */
interface PlaneBuffer {
  readonly data: Float32Array;
  readonly first: number;
  readonly planes: number;
}

/** The tensor that {@link toTensor} makes, for reading in parts. */
export function lazyTensor(
  images: LazyImages,
  { channels, axes }: TensorLayout,
  engine: Engine,
): LazyTensor {
  const order = axisNumbers(axes);
  if (channels.length === 0) fail('expected at least one channel');
  const chosen = channels.map((name) => {
    const image = images.get(name);
    if (image !== undefined) return image;
    fail(`the tensor names the image "${name}"; there are ${[...images.keys()].join(', ')}`);
  });
  const dims = order.map((a) => chosen[0]!.region.size[a as 0 | 1 | 2]);
  const area = dims[1]! * dims[2]!;
  const out = perVolumeAxis(order, [area, dims[2]!, 1]);
  const isWhole = engine.mostKept === Infinity;
  const most = isWhole ? dims[0]! : Math.max(1, Math.floor(MOST_VOXELS / area));
  const read: LazyTensor['read'] = async ([from, to], { data: all, first, planes }) => {
    for (let plane = from; plane < to; plane += most) {
      const count = Math.min(most, to - plane);
      for (const [channel, image] of chosen.entries()) {
        const part = slabOf(image, order[0] as 0 | 1 | 2, plane, count);
        const { data, size, box, at, outside } = await placedBox(part, engine);
        const start = (channel * planes + first + plane - from) * area;
        const values = all.subarray(start, start + count * area);
        if (outside !== 0 || !isWhole) values.fill(outside);
        const own: Vec3 = [1, size[0], size[0] * size[1]];
        const source = { data, strides: own, start: offset(own, box.start) };
        copyVoxels(source, { data: values, strides: out, start: offset(out, at) }, box.size);
      }
    }
  };
  return { dims: [1, channels.length, ...dims], read };
}

/** The part of an image with some indices along an axis; the image itself where that is all of it. */
function slabOf(image: LazyImage, axis: 0 | 1 | 2, first: number, count: number): LazyImage {
  const { size } = image.region;
  return cropImage(image, {
    start: perAxis((a) => (a === axis ? first : 0)),
    size: perAxis((a) => (a === axis ? count : size[a])),
  });
}

/**
 * Turns labels in tensor order back into a volume.
 *
 * @param dims - the tensor's axes; leading axes of length 1 are allowed.
 * @throws HecktorError INVALID_ARGUMENT when data, dims, axes and grid do not fit together.
 */
export function labelsFromTensor(
  data: Uint8Array,
  dims: readonly number[],
  axes: readonly AxisName[],
  grid: Grid,
): Volume<Uint8Array> {
  const order = axisNumbers(axes);
  const spatial = dims.slice(-3);
  const expected = order.map((a) => grid.size[a as 0 | 1 | 2]);
  const fits =
    dims.length >= 3 &&
    dims.slice(0, -3).every((n) => n === 1) &&
    spatial.every((n, i) => n === expected[i]) &&
    data.length === voxelCount(grid);
  if (!fits) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected ${expected.join(' x ')} labels, got dims [${dims.join(', ')}] and ${data.length} values`,
    });
  }
  const { size } = grid;
  const strides = perVolumeAxis(order, [expected[1]! * expected[2]!, expected[2]!, 1]);
  const out = new Uint8Array(data.length);
  const own = { data: out, strides: [1, size[0], size[0] * size[1]] as const, start: 0 };
  copyVoxels({ data, strides, start: 0 }, own, size);
  return createVolume(grid, out);
}

/** Values of a tensor's axes, in the order x, y, z. */
function perVolumeAxis(order: readonly number[], values: readonly number[]): Vec3 {
  return perAxis((a) => values[order.indexOf(a)]!);
}

/** The axes as numbers (0 = x, 1 = y, 2 = z). Throws RECIPE_INVALID when they are not x, y and z. */
export function axisNumbers(axes: readonly AxisName[]): number[] {
  if ([...axes].sort().join('') !== 'xyz') {
    fail(`expected the axes x, y and z in some order, got [${axes.join(', ')}]`);
  }
  return axes.map((axis) => 'xyz'.indexOf(axis));
}

function fail(detail: string): never {
  throw new HecktorError('RECIPE_INVALID', { detail });
}

/** A box of voxels: voxel (x, y, z) is `data[start + x * strides[0] + ...]`; one stride is 1. */
interface Strided<Data> {
  readonly data: Data;
  readonly strides: Vec3;
  readonly start: number;
}

function offset(strides: Vec3, [x, y, z]: Vec3): number {
  return x * strides[0] + y * strides[1] + z * strides[2];
}

/**
 * Copies a box between two orders of axes. Innermost goes a tile along the axis that is dense in the
 * source, around it the axis that is dense in the result, so that reads and writes both stay in cache.
 */
function copyVoxels<Data extends Float32Array | Uint8Array>(
  { data, strides, start }: Strided<Data>,
  to: Strided<Data>,
  counts: Vec3,
): void {
  const inner = strides.indexOf(1);
  const dense = to.strides.indexOf(1);
  const middle = dense === inner ? (inner + 1) % 3 : dense;
  const outer = 3 - inner - middle;
  const [n, m, o] = [inner, middle, outer].map((a) => counts[a]!) as [number, number, number];
  const [toInner, toMiddle] = [to.strides[inner]!, to.strides[middle]!];
  const tile = dense === inner ? n : TILE;
  for (let k = 0; k < o; k++) {
    for (let i = 0; i < n; i += tile) {
      const from = { data, start: start + k * strides[outer]! + i, stride: strides[middle]! };
      const at = to.start + k * to.strides[outer]! + i * toInner;
      const target = { data: to.data, start: at, stride: toMiddle, apart: toInner };
      copyRows(from, target, m, Math.min(tile, n - i));
    }
  }
}

/** A function of its own: called often it is compiled, where a long loop waits to be. */
function copyRows<Data extends Float32Array | Uint8Array>(
  from: { readonly data: Data; readonly start: number; readonly stride: number },
  to: {
    readonly data: Data;
    readonly start: number;
    readonly stride: number;
    readonly apart: number;
  },
  count: number,
  width: number,
): void {
  const { data, start, stride } = from;
  const { data: out, apart } = to;
  for (let j = 0; j < count; j++) {
    const row = start + j * stride;
    let at = to.start + j * to.stride;
    for (let i = 0; i < width; i++, at += apart) out[at] = data[row + i]!;
  }
}
