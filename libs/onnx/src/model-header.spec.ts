import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { checkModelHeader } from './model-header.ts';
import { openModel } from './open-model.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}.onnx`, import.meta.url));

describe('checkModelHeader', () => {
  it.each(['conv', 'dynamic-batch', 'two-inputs', 'two-outputs', 'external'])(
    'takes %s as it is once opened',
    async (name) => {
      const { inputs, outputs, release } = await openModel(golden(name), { threads: 1 });
      await release();
      const known = (list: typeof inputs) =>
        list.map(({ name, dims }) => ({
          name,
          dims: dims.map((n) => (typeof n === 'number' ? n : null)),
        }));
      const expected = { inputs: known(inputs), outputs: known(outputs) };
      await checkModelHeader(golden(name), expected);
      const wrong = { ...expected, inputs: [{ name: 'image', dims: [1] }] };
      await expect(checkModelHeader(golden(name), wrong)).rejects.toThrow('MODEL_MISMATCH');
    },
  );

  it('names the file with its folder', async () => {
    const error = await checkModelHeader(golden('float16'), {
      inputs: [{ name: 'input' }],
      outputs: [],
    }).catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, 'MODEL_MISMATCH')).toBe(true);
    expect((error as Error).message).toContain(golden('float16'));
  });

  it('leaves a file that is no model to the opening', async () => {
    await checkModelHeader(fileURLToPath(import.meta.url), { inputs: [], outputs: [] });
  });
});
