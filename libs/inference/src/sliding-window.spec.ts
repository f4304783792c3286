import { describe, expect, it } from '@jest/globals';
import { readGoldenArray, readGoldenJson } from '@hecktor/testing';
import { HecktorError } from '@hecktor/errors';
import { patternTensor, predictByPosition } from './fixtures/pattern.ts';
import {
  slidingWindowInference,
  withFlips,
  type Predictor,
  type SlidingWindowOptions,
  type Triple,
} from './index.ts';
import { layOutWindows, windowStarts } from './window-layout.ts';

interface GoldenCase extends SlidingWindowOptions {
  name: string;
  size: Triple;
  flips: number[][];
  paddedStarts: number[][];
}

const folder = new URL('../golden/', import.meta.url);
const golden = readGoldenJson<{
  cases: GoldenCase[];
  axes: { length: number; roi: number; overlap: number; starts: number[] }[];
}>(new URL('sliding-window.json', folder));

/** Golden outputs are float32: 1e-5 of the value, or 1e-5 near zero. */
const TOLERANCE = 1e-5;

const OPTIONS: SlidingWindowOptions = {
  roi: [4, 4, 4],
  overlap: 0.5,
  blend: 'gaussian',
  sigmaScale: 0.125,
  windowsPerBatch: 2,
};

const identity: Predictor = (windows) => Promise.resolve(windows);

describe('slidingWindowInference against MONAI', () => {
  it.each(golden.cases)('$name: same windows and logits', async (entry) => {
    const input = patternTensor([1, 2, ...entry.size]);
    const before = input.data.slice();
    const output = await slidingWindowInference(
      input,
      withFlips(predictByPosition, entry.flips),
      entry,
    );
    expect(output.dims).toEqual([1, 3, ...entry.size]);
    const file = new URL(`${entry.name}.bin`, folder);
    const expected = readGoldenArray(file, 'float32', output.data.length);
    let worst = 0;
    expected.forEach((value, i) => {
      const difference = Math.abs(value - output.data[i]!) / Math.max(1, Math.abs(value));
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    });
    expect(worst).toBeLessThanOrEqual(TOLERANCE);
    expect(input.data).toEqual(before);
  });

  it.each(golden.cases)(
    '$name: windows in the same order',
    ({ size, roi, overlap, paddedStarts }) => {
      const overlaps: Triple = typeof overlap === 'number' ? [overlap, overlap, overlap] : overlap;
      const { positions } = layOutWindows(size, roi, overlaps);
      const before = size.map((n, axis) => Math.floor(Math.max(0, roi[axis]! - n) / 2));
      expect(positions.map((p) => p.map((start, axis) => start + before[axis]!))).toEqual(
        paddedStarts,
      );
    },
  );

  it('has the same starts along an axis of any length', () => {
    for (const { length, roi, overlap, starts } of golden.axes) {
      expect({ length, roi, overlap, starts: windowStarts(length, roi, overlap) }).toEqual({
        length,
        roi,
        overlap,
        starts,
      });
    }
    expect(golden.axes.length).toBeGreaterThan(100);
  });

  it('lays 36 windows over the baseline tensor', () => {
    const { starts, positions } = layOutWindows([200, 200, 310], [128, 128, 128], [0.5, 0.5, 0.5]);
    expect(starts).toEqual([
      [0, 64, 72],
      [0, 64, 72],
      [0, 64, 128, 182],
    ]);
    expect(positions).toHaveLength(36);
    expect(positions[1]).toEqual([0, 0, 64]);
  });
});

describe('slidingWindowInference', () => {
  it.each([[[3, 4, 5]], [[4, 4, 4]], [[9, 5, 7]], [[1, 12, 2]]] as [Triple][])(
    'gives an image of %j back from an identity predictor',
    async (size) => {
      const input = patternTensor([1, 1, ...size]);
      const output = await slidingWindowInference(input, identity, OPTIONS);
      expect(output.dims).toEqual(input.dims);
      output.data.forEach((value, i) => expect(value).toBeCloseTo(input.data[i]!, 6));
    },
  );

  it('does not depend on the number of windows in a batch', async () => {
    const input = patternTensor([1, 2, 9, 7, 10]);
    const [one, many] = await Promise.all(
      [1, 50].map((windowsPerBatch) =>
        slidingWindowInference(input, predictByPosition, { ...OPTIONS, windowsPerBatch }),
      ),
    );
    expect(one!.data).toEqual(many!.data);
  });

  it('pads with zeros anew when a predictor overwrites its windows', async () => {
    const seen: number[] = [];
    const greedy: Predictor = (windows) => {
      seen.push(windows.data[0]!);
      const result = { dims: windows.dims, data: windows.data.slice() };
      windows.data.fill(7);
      return Promise.resolve(result);
    };
    await slidingWindowInference(patternTensor([1, 1, 2, 9, 9]), greedy, {
      ...OPTIONS,
      windowsPerBatch: 1,
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  it('hands over at most windowsPerBatch windows and reports progress up to 1', async () => {
    const counts: number[] = [];
    const fractions: number[] = [];
    await slidingWindowInference(
      patternTensor([1, 2, 4, 4, 10]),
      (windows) => {
        counts.push(windows.dims[0]!);
        expect(windows.data).toHaveLength(windows.dims[0]! * 2 * 64);
        return identity(windows);
      },
      { ...OPTIONS, windowsPerBatch: 3, onProgress: (fraction) => fractions.push(fraction) },
    );
    expect(counts).toEqual([3, 1]);
    expect(fractions).toEqual([0.75, 1]);
  });

  it('stops before the next batch when aborted', async () => {
    const controller = new AbortController();
    let calls = 0;
    const stopAfterOne: Predictor = (windows) => {
      calls++;
      controller.abort(new HecktorError('TIMEOUT'));
      return identity(windows);
    };
    const run = slidingWindowInference(patternTensor([1, 1, 8, 8, 8]), stopAfterOne, {
      ...OPTIONS,
      signal: controller.signal,
    });
    await expect(run).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(calls).toBe(1);
  });

  it('reports an abort without a reason of ours as an interruption', async () => {
    const run = slidingWindowInference(patternTensor([1, 1, 8, 8, 8]), identity, {
      ...OPTIONS,
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('slidingWindowInference, bad calls', () => {
  const input = patternTensor([1, 1, 8, 8, 8]);
  it.each([
    ['roi', { roi: [4, 0, 4] }],
    ['roi', { roi: [4, 4] }],
    ['roi', { roi: [4, 4, 2.5] }],
    ['overlap', { overlap: 1 }],
    ['overlap', { overlap: -0.1 }],
    ['overlap', { overlap: [0.5, Number.NaN, 0.5] }],
    ['windowsPerBatch', { windowsPerBatch: 0 }],
    ['blend', { blend: 'linear' }],
    ['sigmaScale', { sigmaScale: 0 }],
  ])('refuses %s in %j', async (name, wrong) => {
    const options = { ...OPTIONS, ...wrong } as SlidingWindowOptions;
    await expect(slidingWindowInference(input, identity, options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      detail: expect.stringContaining(name),
    });
  });

  it.each([
    ['two images', { data: new Float32Array(2 * 512), dims: [2, 1, 8, 8, 8] }],
    ['no batch axis', { data: new Float32Array(512), dims: [1, 8, 8, 8] }],
    ['too little data', { data: new Float32Array(511), dims: [1, 1, 8, 8, 8] }],
    ['an empty axis', { data: new Float32Array(0), dims: [1, 1, 8, 0, 8] }],
  ])('refuses %s', async (_, tensor) => {
    await expect(slidingWindowInference(tensor, identity, OPTIONS)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      detail: expect.stringContaining('input'),
    });
  });

  it.each([
    ['of another size', [2, 1, 2, 2, 2]],
    ['with fewer windows', [1, 1, 4, 4, 4]],
    ['without a class axis', [2, 4, 4, 4]],
    ['without classes', [2, 0, 4, 4, 4]],
  ])('refuses a prediction %s', async (_, dims) => {
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
    await expect(
      slidingWindowInference(input, () => Promise.resolve({ data, dims }), OPTIONS),
    ).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });

  it('refuses a number of classes that changes from window to window', async () => {
    let classes = 1;
    const run = slidingWindowInference(
      input,
      (windows) => {
        const dims = [windows.dims[0]!, ++classes, 4, 4, 4];
        return Promise.resolve({ dims, data: new Float32Array(dims[0]! * classes * 64) });
      },
      OPTIONS,
    );
    await expect(run).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });
});
