import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkResources, TASKS } from '@hecktor/container/testing';

const DEMO = fileURLToPath(new URL('../../../apps/task1/resources', import.meta.url));

let resources: string;
let recipe: string;

beforeEach(async () => {
  resources = await mkdtemp(join(tmpdir(), 'hecktor-resources-'));
  recipe = await readFile(join(DEMO, 'pipeline.json'), 'utf8');
  await writeFile(join(resources, 'pipeline.json'), recipe);
  await copyFile(join(DEMO, 'model.onnx'), join(resources, 'model.onnx'));
});

afterEach(() => rm(resources, { recursive: true }));

describe('checkResources', () => {
  it('takes the demo', async () => {
    await expect(checkResources(DEMO)).resolves.toEqual({ openVino: false });
  });

  it('tells of networks that no recipe names, and only of those', async () => {
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await checkResources(resources, { onNote });
    expect(notes).toEqual([]);
    await writeFile(join(resources, 'fold_3.onnx'), 'of an earlier export');
    await writeFile(join(resources, 'fold_3.onnx.data'), Buffer.alloc(2e6));
    await checkResources(resources, { onNote });
    expect(notes).toEqual([
      'note: the recipe does not use fold_3.onnx (2.0 MB); remove what is not needed',
    ]);
  });

  it('refuses a folder without a recipe', async () => {
    await expect(checkResources(join(resources, 'none'))).rejects.toMatchObject({
      code: 'RECIPE_MISSING',
    });
  });

  it('refuses a misspelt key before anything is built', async () => {
    await writeFile(join(resources, 'pipeline.json'), recipe.replace('"overlap"', '"overlapp"'));
    await expect(checkResources(resources)).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
      message: expect.stringContaining('(did you mean "overlap"?)'),
    });
  });

  it('names the file that was probably meant when a model is missing', async () => {
    await writeFile(join(resources, 'pipeline.json'), recipe.replace('model.onnx', 'modle.onnx'));
    await expect(checkResources(resources)).rejects.toMatchObject({
      code: 'MODEL_FILE_NOT_FOUND',
      fix: expect.stringContaining('"model.onnx"'),
    });
  });

  it('says on which line the JSON is broken', async () => {
    await writeFile(
      join(resources, 'pipeline.json'),
      recipe.replace('"version": 1,', '"version": 1'),
    );
    await expect(checkResources(resources)).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
      message: expect.stringMatching(/line 4 column 3/),
    });
  });

  it('lists the words of a choice once', async () => {
    await writeFile(join(resources, 'pipeline.json'), recipe.replace('"bspline"', '"cubic"'));
    await expect(checkResources(resources)).rejects.toMatchObject({
      message: expect.stringContaining(
        'interpolation is "cubic", expected one of bspline, linear, nearest',
      ),
    });
  });

  it('takes a copy of the demo', async () => {
    await expect(checkResources(resources, { task: TASKS.task1 })).resolves.toEqual({
      openVino: false,
    });
  });

  it('refuses a model whose inputs are called otherwise', async () => {
    await writeFile(
      join(resources, 'pipeline.json'),
      recipe.replace(/"input": "[^"]*"/, '"input": "volume"'),
    );
    await expect(checkResources(resources)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringContaining("an input named 'volume'"),
    });
  });

  it('refuses a model for another number of channels', async () => {
    await writeFile(
      join(resources, 'pipeline.json'),
      recipe.replace(/"channels": \[[^\]]*\]/, '"channels": ["ct"]'),
    );
    await expect(checkResources(resources)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });

  describe('with a network of three classes', () => {
    const mapTo = (to: number[]) => {
      const parsed = JSON.parse(recipe) as { postprocessing: object[] };
      parsed.postprocessing = [{ step: 'map-classes', to }];
      return writeFile(join(resources, 'pipeline.json'), JSON.stringify(parsed));
    };

    it('tells of a label that none of them becomes', async () => {
      const notes: string[] = [];
      await mapTo([0, 1, 1]);
      await checkResources(resources, { task: TASKS.task1, onNote: (note) => notes.push(note) });
      expect(notes).toEqual(['note: the network has 3 classes, so no voxel can ever be 2 (GTVn)']);
    });

    it('refuses a class that becomes no label of the task', async () => {
      await mapTo([0, 1]);
      await expect(checkResources(resources, { task: TASKS.task1 })).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        message: expect.stringContaining('no label for class 2'),
      });
    });
  });

  describe('of a cascade', () => {
    const first = (name: string) => join(resources, 'lowres', name);
    beforeEach(async () => {
      await mkdir(first('.'));
      await writeFile(first('pipeline.json'), recipe);
      await copyFile(join(DEMO, 'model.onnx'), first('model.onnx'));
      const second = {
        ...(JSON.parse(recipe) as object),
        cascade: { recipe: 'lowres/pipeline.json', image: 'lowres' },
        tensor: { channels: ['ct', 'lowres'], axes: ['y', 'x', 'z'] },
      };
      await writeFile(join(resources, 'pipeline.json'), JSON.stringify(second));
    });

    it('takes both recipes and knows the networks of both', async () => {
      const notes: string[] = [];
      await checkResources(resources, { task: TASKS.task1, onNote: (note) => notes.push(note) });
      expect(notes).toEqual([]);
    });

    it('looks into the first stage too', async () => {
      await writeFile(first('pipeline.json'), recipe.replace('"input": "', '"input": "my-'));
      await expect(checkResources(resources)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
      await rm(first('pipeline.json'));
      await expect(checkResources(resources)).rejects.toMatchObject({
        code: 'RECIPE_MISSING',
        file: first('pipeline.json'),
      });
    });
  });

  it('refuses a file that is no model', async () => {
    await writeFile(join(resources, 'model.onnx'), 'weights');
    await expect(checkResources(resources)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('refuses a checkpoint beside the model', async () => {
    await writeFile(join(resources, 'model.pth'), 'weights');
    await expect(checkResources(resources)).rejects.toMatchObject({ code: 'RESOURCE_UNWANTED' });
  });

  it('refuses the recipe of another task', async () => {
    await expect(checkResources(resources, { task: TASKS.task3 })).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
    });
  });
});
