import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createPredictor, openModel, type OnnxModel, type OpenModelOptions } from './index.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}.onnx`, import.meta.url));
const zeros = (...dims: number[]) => ({
  data: new Float32Array(dims.reduce((product, n) => product * n, 1)),
  dims,
});

const opened: OnnxModel[] = [];
async function open(name: string, options: Partial<OpenModelOptions> = {}): Promise<OnnxModel> {
  const model = await openModel(golden(name), { threads: 1, ...options });
  opened.push(model);
  return model;
}
afterEach(async () => {
  for (const model of opened.splice(0)) await model.release();
});

describe('a model that differs from its recipe', () => {
  const cases: [string, string, Partial<OpenModelOptions>, string][] = [
    ['input name', 'conv', { expectInput: { name: 'image' } }, "named 'image', got 'input'"],
    [
      'output name',
      'two-outputs',
      { expectOutput: { name: 'logits' } },
      "named 'logits', got 'negative', 'absolute'",
    ],
    [
      'input shape',
      'conv',
      { expectInput: { name: 'input', dims: [null, 2, 8, 8, 8] } },
      'the shape [?, 2, 8, 8, 8], got [1, 2, 3, 4, 5]',
    ],
    [
      'number of axes',
      'conv',
      { expectOutput: { name: 'logits', dims: [1, 3] } },
      'the shape [1, 3], got [1, 3, 3, 4, 5]',
    ],
    ['half precision', 'float16', { expectInput: { name: 'input' } }, 'float32, got float16'],
    ['integer output', 'int64-output', { expectOutput: { name: 'output' } }, 'got int64'],
    ['an input too many', 'two-inputs', { expectInput: { name: 'image' } }, "input 'clinical'"],
  ];
  it.each(cases)('%s', async (_, name, options, text) => {
    await expect(open(name, options)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      file: expect.stringMatching(new RegExp(`/${name}\\.onnx$`)),
      detail: expect.stringContaining(text),
    });
  });

  it('fits where an axis may have any length', async () => {
    const expectInput = { name: 'input', dims: [4, 2, 3, 4, 5] };
    const { inputs } = await open('dynamic-batch', { expectInput });
    expect(inputs[0]!.dims[0]).toBe('batch');
  });
});

describe('running a model', () => {
  it.each([
    ['another shape', zeros(1, 2, 3, 4, 6), '[1, 2, 3, 4, 6]'],
    ['too few values', { data: new Float32Array(7), dims: [1, 2, 3, 4, 5] }, '[1, 2, 3, 4, 5]'],
  ])('refuses an input of %s', async (_, tensor, text) => {
    const model = await open('conv');
    await expect(model.run(tensor)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      detail: expect.stringContaining(text),
    });
  });

  it('refuses a missing input and run() of several inputs', async () => {
    const model = await open('two-inputs');
    await expect(model.runNamed({ image: zeros(1, 4) })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      detail: expect.stringContaining("'clinical' to have the shape [1, 4], got nothing"),
    });
    await expect(model.run(zeros(1, 4))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses an output of another type that no recipe named', async () => {
    const model = await open('int64-output');
    await expect(model.run(zeros(1, 2, 3, 4, 5))).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      detail: expect.stringContaining('int64'),
    });
  });

  it('refuses NaN and infinity in an output, without a value in the message', async () => {
    const model = await open('divides-by-zero');
    const input = zeros(1, 2, 3, 4, 5);
    input.data.fill(1.25, 0, 20);
    await expect(model.run(input)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      detail: "120 of 120 values of output 'output' are NaN or infinite",
    });
  });

  it('explains a failure inside the graph', async () => {
    const model = await open('wrong-at-run-time');
    await expect(model.run(zeros(3, 2))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      file: expect.stringMatching(/.wrong-at-run-time\.onnx$/),
      detail: expect.stringContaining('Reshape'),
    });
  });

  it('refuses to run after release, which may be repeated', async () => {
    const model = await open('conv');
    await model.release();
    await model.release();
    await expect(model.run(zeros(1, 2, 3, 4, 5))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('createPredictor', () => {
  it.each(['conv', 'dynamic-batch'])('runs three windows through %s', async (name) => {
    const model = await open(name);
    const windows = zeros(3, 2, 3, 4, 5);
    windows.data.forEach((_, i) => (windows.data[i] = Math.sin(i)));
    const all = await createPredictor(model)(windows);
    expect(all.dims).toEqual([3, 3, 3, 4, 5]);
    for (const i of [0, 1, 2]) {
      const one = await model.run({
        data: windows.data.slice(i * 120, (i + 1) * 120),
        dims: [1, 2, 3, 4, 5],
      });
      expect(all.data.slice(i * 180, (i + 1) * 180)).toEqual(one.data);
    }
  });
});
