import { describe, expect, it } from '@jest/globals';
import type { Tensor } from '@hecktor/volume';
import { slidingWindowInference, type Predictor, type SlidingWindowOptions } from './index.ts';

const OPTIONS: SlidingWindowOptions = {
  ...{ roi: [4, 4, 4], overlap: 0.5, blend: 'gaussian', sigmaScale: 0.125, windowsPerBatch: 1 },
};

/** An image of two channels that is constant but for a block at its end. */
function paddedImage(from = 6, background: readonly [number, number] = [0.25, -1]): Tensor {
  const data = new Float32Array(2 * 8 * 8 * 8);
  for (let channel = 0; channel < 2; channel++) {
    for (let i = 0; i < 512; i++) {
      const [a, b, c] = [i >> 6, (i >> 3) & 7, i & 7];
      const isBlock = a >= from && b >= from && c >= from;
      data[channel * 512 + i] = isBlock ? 3 + Math.sin(i) : background[channel]!;
    }
  }
  return { data, dims: [1, 2, 8, 8, 8] };
}

/** A network whose logits depend on all of a window, and how often it ran. */
function counting(): { network: Predictor; runs: () => number } {
  let runs = 0;
  const network: Predictor = async ({ data, dims }) => {
    runs++;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const logits = data.map((value, i) => value * Math.cos(i) + mean);
    return { data: logits, dims };
  };
  return { network, runs: () => runs };
}

describe('windows of constant padding', () => {
  it('are seen once by the network, and the logits are the same to the last bit', async () => {
    const image = paddedImage();
    const once = counting();
    const logits = await slidingWindowInference(image, once.network, OPTIONS);
    // In batches every window is seen.
    const all = counting();
    const alone: Predictor = async ({ data, dims: [count = 1, ...shape] }) => {
      const length = data.length / count;
      const each = Array.from({ length: count }, (_, i) =>
        all.network({ data: data.slice(i * length, (i + 1) * length), dims: [1, ...shape] }),
      );
      const results = await Promise.all(each);
      return {
        data: Float32Array.from(results.flatMap((result) => [...result.data])),
        dims: [count, ...shape],
      };
    };
    const expected = await slidingWindowInference(image, alone, { ...OPTIONS, windowsPerBatch: 2 });
    expect(all.runs()).toBe(27);
    expect(once.runs()).toBe(2);
    expect(logits).toEqual(expected);
  });

  it('differ by their value, and by the sign of zero', async () => {
    const image = paddedImage(8, [0, 0]);
    const { network, runs } = counting();
    await slidingWindowInference(image, network, OPTIONS);
    expect(runs()).toBe(1);
    image.data[0] = -0;
    const signed = counting();
    await slidingWindowInference(image, signed.network, OPTIONS);
    expect(signed.runs()).toBe(2);
  });

  it('are those with their padding', async () => {
    const small: Tensor = { data: new Float32Array(54).fill(1), dims: [1, 2, 3, 3, 3] };
    const { network, runs } = counting();
    const logits = await slidingWindowInference(small, network, OPTIONS);
    expect(runs()).toBe(1);
    expect(logits.dims).toEqual([1, 2, 3, 3, 3]);
  });
});

describe('windows outside of the body', () => {
  const outside = { channel: 0, above: 1 };

  it('do not run, and what only they cover is background', async () => {
    const image = paddedImage(7);
    image.data[3] = 0.5;
    const { network, runs } = counting();
    const logits = await slidingWindowInference(image, network, { ...OPTIONS, outside });
    expect(runs()).toBe(1);
    expect(logits.data[0]).toBe(0);
    expect(logits.data[512 * 2 - 1]).not.toBe(0);
    const whole = await slidingWindowInference(image, counting().network, OPTIONS);
    // Where nothing but the window that ran has a say nothing changes.
    expect(whole.data[511]).toBe(logits.data[511]);
  });

  it('run all the same when the body is everywhere', async () => {
    const image = paddedImage(0);
    const { network, runs } = counting();
    const logits = await slidingWindowInference(image, network, { ...OPTIONS, outside });
    const whole = await slidingWindowInference(image, counting().network, OPTIONS);
    expect(runs()).toBe(27);
    expect(logits).toEqual(whole);
  });

  it('leave one window where there is no body at all', async () => {
    const { network, runs } = counting();
    const options = { ...OPTIONS, outside: { channel: 1, above: 100 } };
    await slidingWindowInference(paddedImage(), network, options);
    expect(runs()).toBe(1);
  });
});
