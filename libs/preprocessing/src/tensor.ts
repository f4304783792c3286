import { HecktorError } from '@hecktor/errors';
import { createVolume, voxelCount } from '@hecktor/volume';
import type { Grid, Tensor, Volume } from '@hecktor/volume';
import type { Prepared } from './types.ts';

export type AxisName = 'x' | 'y' | 'z';

/** How images become a tensor. */
export interface TensorLayout {
  /** Names of the images, in the order of the channels. */
  readonly channels: readonly string[];
  /** The voxel axes in the order of the tensor's spatial axes, slowest first. */
  readonly axes: readonly AxisName[];
}

/** Side of the square that is transposed at once, so that reads and writes both stay in cache. */
const TILE = 32;

/**
 * Stacks prepared images into a tensor of shape [1, channels, A, B, C].
 *
 * @throws HecktorError RECIPE_INVALID for an image that is not there or axes that are not x, y and
 * z in some order.
 */
export function toTensor(prepared: Prepared, { channels, axes }: TensorLayout): Tensor {
  const order = axisNumbers(axes);
  const { size } = prepared.grid;
  const count = voxelCount(prepared.grid);
  const data = new Float32Array(count * channels.length);
  if (channels.length === 0) fail('expected at least one channel');
  const strides = [1, size[0], size[0] * size[1]];
  channels.forEach((name, channel) => {
    const image = Object.hasOwn(prepared.images, name) ? prepared.images[name] : undefined;
    if (image === undefined) {
      fail(
        `the tensor names the image "${name}"; there are ${Object.keys(prepared.images).join(', ')}`,
      );
    }
    copyTransposed(
      image!.data,
      order.map((a) => strides[a]!),
      data.subarray(channel * count, (channel + 1) * count),
      order.map((a) => size[a as 0 | 1 | 2]),
    );
  });
  return { data, dims: [1, channels.length, ...order.map((a) => size[a as 0 | 1 | 2])] };
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
  const strides = [expected[1]! * expected[2]!, expected[2]!, 1];
  const [z, y, x] = [2, 1, 0].map((a) => strides[order.indexOf(a)]!) as [number, number, number];
  return createVolume(grid, gather(data, [z, y, x], grid));
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

/** Labels in volume order, from labels whose neighbours along z, y, x are `strides` apart. */
function gather(
  data: Uint8Array,
  [sz, sy, sx]: readonly [number, number, number],
  { size: [nx, ny, nz] }: Grid,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length);
  for (let x0 = 0; x0 < nx; x0 += TILE) {
    const x1 = Math.min(x0 + TILE, nx);
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++) {
        const to = nx * (y + ny * z);
        let from = z * sz + y * sy + x0 * sx;
        for (let x = x0; x < x1; x++, from += sx) out[to + x] = data[from]!;
      }
    }
  }
  return out;
}

/** Writes `out`, dense with its last axis fastest, from `data` read through strides. */
function copyTransposed(
  data: Float32Array,
  strides: readonly number[],
  out: Float32Array,
  dims: readonly number[],
): void {
  const [na, nb, nc] = dims as [number, number, number];
  const [sa, sb, sc] = strides as [number, number, number];
  // The axis that is contiguous in the source and the output's last axis make up the tiles.
  const tileA = sa === 1 && sc !== 1 ? TILE : 1;
  const tileB = sa === 1 && sc !== 1 ? 1 : TILE;
  const tileC = sc === 1 ? nc : TILE;
  for (let a0 = 0; a0 < na; a0 += tileA) {
    const a1 = Math.min(a0 + tileA, na);
    for (let b0 = 0; b0 < nb; b0 += tileB) {
      const b1 = Math.min(b0 + tileB, nb);
      for (let c0 = 0; c0 < nc; c0 += tileC) {
        const c1 = Math.min(c0 + tileC, nc);
        for (let a = a0; a < a1; a++) {
          for (let b = b0; b < b1; b++) {
            const to = (a * nb + b) * nc;
            let from = a * sa + b * sb + c0 * sc;
            for (let c = c0; c < c1; c++, from += sc) out[to + c] = data[from]!;
          }
        }
      }
    }
  }
}
