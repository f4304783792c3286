import { expect, it } from '@jest/globals';
import { createRandom } from '@hecktor/testing';
import { toVec3, type Tensor } from '@hecktor/volume';
import type { Predictor } from './predictor.ts';
import { slidingWindowInference, type SlidingWindowOptions } from './sliding-window.ts';
import { createRowSums, layOutRows } from './window-rows.ts';

/** Two classes that depend on the voxel, its neighbour and the place in the window. */
const network =
  (factor: number): Predictor =>
  async ({ data, dims }) => {
    const [n = 1, channels = 1, ...spatial] = dims;
    const voxels = spatial.reduce((product, length) => product * length, 1);
    const logits = new Float32Array(2 * n * voxels);
    for (let i = 0; i < n; i++) {
      for (let v = 0; v < voxels; v++) {
        const at = i * channels * voxels + v;
        logits[2 * i * voxels + v] = factor * data[at]! + Math.sin(v);
        logits[(2 * i + 1) * voxels + v] = data[at + (channels - 1) * voxels]! - factor * (v % 7);
      }
    }
    return { data: logits, dims: [n, 2, ...spatial] };
  };

function image(size: readonly number[]): Tensor {
  const random = createRandom(size.length + size[0]!);
  const data = Float32Array.from({ length: 2 * size[0]! * size[1]! * size[2]! }, () =>
    random.between(-0.5, 0.5),
  );
  return { data, dims: [1, 2, ...size] };
}

/** Planes [from, to) of a tensor. */
function planesOf({ data, dims }: Tensor, from: number, to: number): Tensor {
  const [, channels = 1, planes = 1, b = 1, c = 1] = dims;
  const parts = Array.from({ length: channels }, (_, k) =>
    data.subarray((k * planes + from) * b * c, (k * planes + to) * b * c),
  );
  return {
    data: Float32Array.from(parts.flatMap((part) => [...part])),
    dims: [1, channels, to - from, b, c],
  };
}

/** All rows, and the planes of each read `overlap` planes early; the parts, checked to agree, joined. */
async function inRows(
  input: Tensor,
  options: SlidingWindowOptions,
  { networks = [network(3)], overlap = 0, most = 3 } = {},
): Promise<Tensor> {
  const layout = layOutRows(toVec3(input.dims.slice(2)), options);
  const sums = createRowSums(layout, options);
  const [, , a = 1, b = 1, c = 1] = input.dims;
  const all = new Float32Array(2 * a * b * c);
  for (const row of layout.rows) {
    for (const one of networks) {
      await sums.add(row, planesOf(input, row.first, row.end), one, 1 / networks.length);
    }
    for (let from = row.first; from < row.finished; from += most) {
      const to = Math.min(from + most, row.finished);
      const first = Math.max(0, from - overlap);
      const { data, dims } = sums.read(row, first, to);
      expect(dims).toEqual([1, 2, to - first, b, c]);
      for (let k = 0; k < 2; k++) {
        const part = data.subarray(k * (to - first) * b * c, (k + 1) * (to - first) * b * c);
        const before = all.slice((k * a + first) * b * c, (k * a + from) * b * c);
        expect(part.subarray(0, before.length)).toEqual(before);
        all.set(part, (k * a + first) * b * c);
      }
    }
    sums.advance(row);
  }
  return { data: all, dims: [1, 2, a, b, c] };
}

const options = { overlap: 0.5, sigmaScale: 0.125, windowsPerBatch: 1 } as const;

it.each<[string, readonly number[], Partial<SlidingWindowOptions>, number]>([
  ['gaussian', [13, 9, 8], { roi: [4, 5, 6] }, 0],
  ['constant, more overlap', [11, 7, 6], { roi: [4, 4, 6], overlap: 0.75, blend: 'constant' }, 1],
  ['nnU-Net', [12, 7, 9], { roi: [5, 4, 6], tiling: 'nnunet', blend: 'nnunet' }, 1],
  [
    'nnU-Net in float16',
    [12, 7, 9],
    { roi: [5, 4, 6], tiling: 'nnunet', blend: 'nnunet', arithmetic: 'float16' },
    1,
  ],
  ['an image smaller than the window', [3, 9, 4], { roi: [6, 5, 7] }, 0],
  ['one row', [5, 9, 9], { roi: [5, 4, 4] }, 1],
  ['no overlap', [12, 6, 6], { roi: [4, 3, 6], overlap: 0 }, 1],
  [
    'windows outside of the body',
    [13, 12, 9],
    { roi: [4, 4, 4], outside: { channel: 0, above: 0.495 } },
    1,
  ],
  ['batches', [9, 9, 9], { roi: [4, 4, 4], windowsPerBatch: 3 }, 0],
])('gives the bits of slidingWindowInference: %s', async (_, size, more, overlap) => {
  const all = { blend: 'gaussian', ...options, roi: [4, 4, 4], ...more } as const;
  const whole = await slidingWindowInference(image(size), network(3), all);
  const rows = await inRows(image(size), all, { overlap });
  expect(rows).toEqual(whole);
});

it('adds networks by their shares: the mean, but for the order of sums', async () => {
  const all = { ...options, blend: 'gaussian', roi: [4, 4, 4] } as const;
  const input = image([10, 8, 7]);
  const networks = [network(3), network(-2), network(0.5)];
  const { data } = await inRows(input, all, { networks });
  const each = await Promise.all(networks.map((one) => slidingWindowInference(input, one, all)));
  data.forEach((value, i) => {
    const mean = each.reduce((sum, one) => sum + one.data[i]!, 0) / 3;
    expect(Math.abs(value - mean)).toBeLessThan(1e-4);
  });
});

it('scales what was added', async () => {
  const all = { ...options, blend: 'gaussian', roi: [4, 4, 4] } as const;
  const input = image([4, 4, 4]);
  const layout = layOutRows([4, 4, 4], all);
  const sums = createRowSums(layout, all);
  await sums.add(layout.rows[0]!, input, network(3), 0.25);
  sums.scale(4);
  const whole = await slidingWindowInference(input, network(3), all);
  expect(sums.read(layout.rows[0]!, 0, 4)).toEqual(whole);
});

it('refuses a network that gives other shapes', async () => {
  const all = { ...options, blend: 'gaussian', roi: [4, 4, 4] } as const;
  const layout = layOutRows([4, 4, 4], all);
  const wrong: Predictor = async ({ data }) => ({ data, dims: [1, 2, 4, 4, 3] });
  await expect(
    createRowSums(layout, all).add(layout.rows[0]!, image([4, 4, 4]), wrong, 1),
  ).rejects.toThrow('MODEL_MISMATCH');
});
