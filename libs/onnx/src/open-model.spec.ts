import { mkdtemp, rm, symlink, writeFile, copyFile, mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openModel, type OnnxModel, type OpenModelOptions } from './index.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

const { input, outputs } = JSON.parse(await readFile(golden('outputs.json'), 'utf8')) as {
  input: { dims: number[]; data: number[] };
  outputs: Record<string, Record<string, number[]>>;
};
const tensor = () => ({ data: Float32Array.from(input.data), dims: input.dims });

/** Opens a model, hands it to `use` and releases it whatever happens. */
async function withModel<T>(
  path: string,
  use: (model: OnnxModel) => Promise<T>,
  options: Partial<OpenModelOptions> = {},
): Promise<T> {
  const model = await openModel(path, { threads: 1, ...options });
  try {
    return await use(model);
  } finally {
    await model.release();
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hecktor-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('openModel', () => {
  it.each(['identity', 'conv', 'external'])('runs %s as the reference does', async (name) => {
    const result = await withModel(golden(`${name}.onnx`), (model) => model.run(tensor()));
    const expected = Object.values(outputs[name]!)[0]!;
    expect(result.data).toHaveLength(expected.length);
    result.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it('gives all outputs by name, or those that are expected', async () => {
    const path = golden('two-outputs.onnx');
    const all = await withModel(path, (model) => model.runNamed({ input: tensor() }));
    expect(Object.keys(all)).toEqual(['negative', 'absolute']);
    const expectOutput = { name: 'absolute' };
    const one = await withModel(path, (model) => model.runNamed({ input: tensor() }), {
      expectOutput,
    });
    expect(Object.keys(one)).toEqual(['absolute']);
    const single = await withModel(path, (model) => model.run(tensor()), { expectOutput });
    expect(Array.from(single.data)).toEqual(outputs['two-outputs']!.absolute);
  });

  it('runs several inputs by name', async () => {
    const row = (...data: number[]) => ({ data: Float32Array.from(data), dims: [1, 4] });
    const feeds = { image: row(1, 2, 3, 4), clinical: row(10, 20, 30, 40) };
    const result = await withModel(golden('two-inputs.onnx'), (model) => model.runNamed(feeds), {
      expectInput: [{ name: 'clinical' }, { name: 'image', dims: [null, 4] }],
    });
    expect(Array.from(result.sum!.data)).toEqual([11, 22, 33, 44]);
  });

  it('tells names, types and shapes', async () => {
    await withModel(golden('dynamic-batch.onnx'), async ({ file, inputs, outputs: out }) => {
      expect(file).toBe(golden('dynamic-batch.onnx'));
      expect(inputs).toEqual([{ name: 'input', type: 'float32', dims: ['batch', 2, 3, 4, 5] }]);
      expect(out).toEqual([{ name: 'logits', type: 'float32', dims: ['batch', 3, 3, 4, 5] }]);
    });
  });

  it('takes data in shared memory and leaves it as it is', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(480));
    shared.set(input.data);
    const result = await withModel(golden('identity.onnx'), (model) =>
      model.run({ data: shared, dims: input.dims }),
    );
    expect(Array.from(result.data)).toEqual(input.data);
    expect(Array.from(shared)).toEqual(input.data);
  });

  it('finds weights beside the model when it is reached through a link', async () => {
    const link = join(folder, 'link.onnx');
    await symlink(golden('external.onnx'), link);
    const result = await withModel(link, (model) => model.run(tensor()));
    expect(result.data[0]).toBeCloseTo(outputs.external!.logits![0]!, 6);
  });
});

describe('openModel, files that are no model', () => {
  it.each([
    ['no-such.onnx', undefined, 'MODEL_FILE_NOT_FOUND', 'Model file not found'],
    ['empty.onnx', '', 'MODEL_INVALID', 'empty'],
    [
      'lfs.onnx',
      'version https://git-lfs.github.com/spec/v1\noid',
      'MODEL_INVALID',
      'git lfs pull',
    ],
    ['page.onnx', '<!DOCTYPE html><html>', 'MODEL_INVALID', 'web page'],
    ['checkpoint.onnx', 'PK\x03\x04 data.pkl', 'MODEL_INVALID', 'tools/export'],
    ['text.onnx', 'hello', 'MODEL_INVALID', 'not an ONNX model'],
  ])('%s', async (name, content, code, text) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content, 'latin1');
    await expect(openModel(path, { threads: 1 })).rejects.toMatchObject({
      code,
      file: expect.stringContaining(`/${name}`),
      message: expect.stringContaining(text),
    });
  });

  it('a truncated model', async () => {
    const bytes = await readFile(golden('conv.onnx'));
    const path = join(folder, 'truncated.onnx');
    for (const length of [1, 40, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length));
      await expect(openModel(path, { threads: 1 })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
      });
    }
  });

  it('a folder', async () => {
    const path = join(folder, 'folder.onnx');
    await mkdir(path);
    await expect(openModel(path, { threads: 1 })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      detail: 'it is not a regular file',
    });
  });

  it('an operator that ONNX Runtime does not have', async () => {
    await expect(openModel(golden('unknown-operator.onnx'), { threads: 1 })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      detail: expect.stringContaining('NoSuchOperator'),
    });
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d threads', async (threads) => {
    await expect(openModel(golden('conv.onnx'), { threads })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('openModel, weights in another file', () => {
  it.each([
    ['external-outside', 'MODEL_INVALID', 'outside its own folder'],
    ['external-absolute', 'MODEL_INVALID', 'outside its own folder'],
    ['external-nested', 'MODEL_INVALID', 'outside its own folder'],
    ['external-missing', 'MODEL_FILE_NOT_FOUND', 'absent.onnx.data'],
  ])('%s is refused', async (name, code, text) => {
    const resources = join(folder, name);
    await mkdir(resources);
    const path = join(resources, 'model.onnx');
    await copyFile(golden(`${name}.onnx`), path);
    await copyFile(golden('external.onnx.data'), join(folder, 'outside.data'));
    await expect(openModel(path, { threads: 1 })).rejects.toMatchObject({
      code,
      file: expect.stringMatching(/external.*.model\.onnx$/),
      detail: expect.stringContaining(text),
    });
  });

  it.each([
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1', 'Git LFS pointer'],
    ['a truncated file', 'ten bytes.', 'too short'],
  ])('%s is refused', async (_, content, text) => {
    const path = join(folder, 'external.onnx');
    await copyFile(golden('external.onnx'), path);
    await writeFile(`${path}.data`, content);
    await expect(openModel(path, { threads: 1 })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      detail: expect.stringContaining(text),
    });
  });

  it('a link out of the folder is refused', async () => {
    const resources = join(folder, 'linked');
    await mkdir(resources);
    await copyFile(golden('external.onnx'), join(resources, 'external.onnx'));
    await symlink(golden('external.onnx.data'), join(resources, 'external.onnx.data'));
    await expect(openModel(join(resources, 'external.onnx'), { threads: 1 })).rejects.toMatchObject(
      { code: 'MODEL_INVALID' },
    );
  });
});
