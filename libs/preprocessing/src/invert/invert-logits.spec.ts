import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, type Tensor } from '@hecktor/volume';
import { runSteps } from '../testing/run-steps.ts';
import { invertLogits, type LogitsInterpolation } from './invert-logits.ts';

const interpolation: LogitsInterpolation = { order: 1, orderZ: 0, separateZ: 'auto' };
const axes = ['z', 'y', 'x'] as const;
const ct = createVolume(
  createGrid([6, 5, 4], { spacing: [1, 1, 2] }),
  new Float32Array(120).fill(7),
);
const toSpacing = { step: 'resample-to-spacing', spacing: [1, 1, 1] };

function positive({ data, dims }: Tensor): Uint8Array {
  expect(dims.slice(0, 2)).toEqual([1, 1]);
  return Uint8Array.from(data, (v) => (v > 0 ? 1 : 0));
}

/** Logits that are positive from slice `z` on. */
function risingFrom(z: number, dims: readonly [number, number, number]): Tensor {
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  data.forEach((_, i) => (data[i] = Math.floor(i / (dims[1] * dims[2])) - z + 0.5));
  return { data, dims: [1, 1, ...dims] };
}

describe('invertLogits', () => {
  it('takes away padding and hands on the records of the steps before', async () => {
    const crop = { step: 'crop-region', start: [0, 0, 0], size: [6, 5, 3] };
    const pad = { step: 'pad', size: [6, 5, 10], at: 'both' };
    const prepared = await runSteps({ ct }, [crop, toSpacing, pad]);
    const logits = risingFrom(4, [10, 5, 6]);
    const progress: number[] = [];
    const { labels, records } = invertLogits(logits, axes, prepared, {
      interpolation,
      decode: positive,
      onProgress: (fraction) => progress.push(fraction),
    });
    expect(labels.size).toEqual([6, 5, 3]);
    expect(records.map(({ step }) => step)).toEqual(['crop-region']);
    // Two of the six slices between the padding are below, one of the three that they become.
    expect([0, 30, 60].map((at) => labels.data[at])).toEqual([0, 1, 1]);
    expect(progress).toEqual([0, 1]);
  });

  it('refuses other steps after the resampling, and recipes without one', async () => {
    const options = { interpolation, decode: positive };
    const crop = { step: 'crop-region', start: [0, 0, 0], size: [2, 2, 2] };
    const cropped = await runSteps({ ct }, [toSpacing, crop]);
    const code = { code: 'RECIPE_INVALID' };
    expect(() => invertLogits(risingFrom(1, [2, 2, 2]), axes, cropped, options)).toThrow(
      expect.objectContaining(code),
    );
    const without = await runSteps({ ct }, []);
    expect(() => invertLogits(risingFrom(1, [4, 5, 6]), axes, without, options)).toThrow(
      expect.objectContaining(code),
    );
  });

  it('refuses logits of another size', async () => {
    const prepared = await runSteps({ ct }, [toSpacing]);
    const options = { interpolation, decode: positive };
    expect(() => invertLogits(risingFrom(1, [4, 5, 6]), axes, prepared, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
