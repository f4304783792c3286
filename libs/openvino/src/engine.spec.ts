import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openModel, type OnnxModel, type OpenModelOptions } from '@hecktor/onnx';
import { openVinoFetched } from '@hecktor/testing';
import { openVino, type Precision } from './index.ts';

// The models and their outputs are those that ONNX Runtime is tested with.
const golden = (name: string): string =>
  fileURLToPath(new URL(`../../onnx/golden/${name}`, import.meta.url));
const { input, outputs } = JSON.parse(await readFile(golden('outputs.json'), 'utf8')) as {
  input: { dims: number[]; data: number[] };
  outputs: Record<string, Record<string, number[]>>;
};
const tensor = () => ({ data: Float32Array.from(input.data), dims: input.dims });

type Options = Partial<OpenModelOptions> & { precision?: Precision };

function open(path: string, { precision = 'float32', ...options }: Options = {}) {
  return openModel(path, { threads: 1, engine: openVino(precision), ...options });
}

async function withModel<T>(
  name: string,
  use: (model: OnnxModel) => Promise<T>,
  options: Options = {},
): Promise<T> {
  const model = await open(golden(name), options);
  try {
    return await use(model);
  } finally {
    await model.release();
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hecktor-openvino-'));
});
afterAll(() => rm(folder, { recursive: true }));

const withOpenVino = openVinoFetched() ? describe : describe.skip;

withOpenVino('a model in OpenVINO', () => {
  it.each(['identity', 'conv', 'external'])('runs %s as the reference does', async (name) => {
    const result = await withModel(`${name}.onnx`, (model) => model.run(tensor()));
    const expected = Object.values(outputs[name]!)[0]!;
    expect(result.data).toHaveLength(expected.length);
    result.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  it('gives all outputs by name, or those that are expected', async () => {
    const all = await withModel('two-outputs.onnx', (model) => model.runNamed({ input: tensor() }));
    expect(Object.keys(all)).toEqual(['negative', 'absolute']);
    const expectOutput = { name: 'absolute' };
    const one = await withModel('two-outputs.onnx', (model) => model.run(tensor()), {
      expectOutput,
    });
    expect(Array.from(one.data)).toEqual(outputs['two-outputs']!.absolute);
  });

  it('runs several inputs by name', async () => {
    const row = (...data: number[]) => ({ data: Float32Array.from(data), dims: [1, 4] });
    const feeds = { image: row(1, 2, 3, 4), clinical: row(10, 20, 30, 40) };
    const result = await withModel('two-inputs.onnx', (model) => model.runNamed(feeds));
    expect(Array.from(result.sum!.data)).toEqual([11, 22, 33, 44]);
  });

  it('tells names, types and shapes', async () => {
    await withModel('dynamic-batch.onnx', async ({ inputs, outputs: out }) => {
      expect(inputs).toEqual([{ name: 'input', type: 'float32', dims: ['', 2, 3, 4, 5] }]);
      expect(out).toEqual([{ name: 'logits', type: 'float32', dims: ['', 3, 3, 4, 5] }]);
    });
  });

  it('takes batches of any number, one after the other', async () => {
    await withModel(
      'dynamic-batch.onnx',
      async (model) => {
        const one = await model.run(tensor());
        const data = Float32Array.from([...input.data, ...input.data, ...input.data]);
        const three = await model.run({ data, dims: [3, ...input.dims.slice(1)] });
        expect(three.dims).toEqual([3, 3, 3, 4, 5]);
        for (const i of [0, 1, 2]) {
          const part = three.data.slice(i * one.data.length, (i + 1) * one.data.length);
          part.forEach((value, at) => expect(value).toBeCloseTo(one.data[at]!, 5));
        }
        // A result stays what it is while the next one is computed.
        expect((await model.run(tensor())).data).toEqual(one.data);
      },
      { expectInput: { name: 'input', dims: [null, 2, 3, 4, 5] } },
    );
  });

  it('takes data in shared memory and leaves it as it is', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(480));
    shared.set(input.data);
    const result = await withModel('identity.onnx', (model) =>
      model.run({ data: shared, dims: input.dims }),
    );
    expect(Array.from(result.data)).toEqual(input.data);
    expect(Array.from(shared)).toEqual(input.data);
  });

  it('leaves the thread free while it computes', async () => {
    await withModel('conv.onnx', async (model) => {
      let turns = 0;
      const count = setInterval(() => turns++, 0);
      const deadline = Date.now() + 10_000;
      while (turns === 0 && Date.now() < deadline) await model.run(tensor());
      clearInterval(count);
      expect(turns).toBeGreaterThan(0);
    });
  });

  it.each([
    ['not-there.onnx', undefined, 'MODEL_FILE_NOT_FOUND', 'Model file not found'],
    ['text.onnx', 'hello', 'MODEL_INVALID', 'OpenVINO cannot load it'],
  ])('refuses %s', async (name, content, code, text) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    await expect(open(path)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
  });

  it.each([
    ['truncated', 'conv.onnx', 'MODEL_INVALID', undefined],
    ['an unknown operator', 'unknown-operator.onnx', 'MODEL_INVALID', 'NoSuchOperator'],
    ['integers out', 'int64-output.onnx', 'MODEL_MISMATCH', 'got int64'],
    ['half precision in', 'float16.onnx', 'MODEL_MISMATCH', 'got float16'],
  ])('refuses a model with %s', async (what, name, code, text) => {
    const path = join(folder, name);
    const bytes = await readFile(golden(name));
    await writeFile(path, what === 'truncated' ? bytes.subarray(0, bytes.length - 9) : bytes);
    const opened = open(path).then((model) => model.run(tensor()));
    await expect(opened).rejects.toMatchObject({
      code,
      ...(text !== undefined && { message: expect.stringContaining(text) }),
    });
  });

  it.each(['external-outside', 'external-absolute', 'external-nested'])(
    'refuses %s: weights outside its folder',
    async (name) => {
      const resources = join(folder, name);
      await mkdir(resources);
      const path = join(resources, 'model.onnx');
      await copyFile(golden(`${name}.onnx`), path);
      await copyFile(golden('external.onnx.data'), join(folder, 'outside.data'));
      await expect(open(path)).rejects.toMatchObject({
        ...{ code: 'MODEL_INVALID', file: path },
        detail: 'the model refers to weights outside its own folder',
      });
    },
  );

  it('refuses a model whose weights were left behind', async () => {
    const path = join(folder, 'external.onnx');
    await copyFile(golden('external.onnx'), path);
    await expect(open(path)).rejects.toMatchObject({
      ...{ code: 'MODEL_INVALID', detail: expect.stringContaining('external.onnx.data') },
    });
  });

  it('names the recipe where a model differs from it', async () => {
    const expectInput = { name: 'input', dims: [null, 2, 8, 8, 8] };
    await expect(open(golden('conv.onnx'), { expectInput })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      detail: expect.stringContaining('the shape [?, 2, 8, 8, 8], got [1, 2, 3, 4, 5]'),
    });
  });

  it('refuses what is not finite, and names the output', async () => {
    const opened = withModel('divides-by-zero.onnx', (model) =>
      model.run({ ...tensor(), data: new Float32Array(input.data.length) }),
    );
    await expect(opened).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID' });
  });

  it('runs no more once it was released, which may be said twice', async () => {
    const model = await open(golden('conv.onnx'));
    await model.release();
    await model.release();
    await expect(model.run(tensor())).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
