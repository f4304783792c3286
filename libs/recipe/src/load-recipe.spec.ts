import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isHecktorError, type ErrorCode } from '@hecktor/errors';
import { loadRecipe } from './load-recipe.ts';
import { SEGMENTATION } from './segmentation-format.ts';
import { digestsOf } from './model-file.ts';

const RECIPE = fileURLToPath(new URL('../recipes/corrected.json', import.meta.url));
let base = '';
const folders = () => ({
  resources: join(base, 'resources'),
  modelFolder: join(base, 'model'),
});
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'recipe-'));
  mkdirSync(folders().resources);
  cpSync(RECIPE, join(folders().resources, 'pipeline.json'));
  writeFileSync(join(folders().resources, 'model.onnx'), 'weights');
});
afterEach(() => rmSync(base, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function refusal(code: ErrorCode): Promise<string> {
  const error = await loadRecipe(folders(), SEGMENTATION).catch((thrown: unknown) => thrown);
  expect(isHecktorError(error, code)).toBe(true);
  return (error as Error).message;
}

function nameModel(file: string): void {
  const recipe = JSON.parse(readFileSync(RECIPE, 'utf8')) as object;
  const models = [{ file, input: 'input', output: 'logits' }];
  const path = join(folders().resources, 'pipeline.json');
  writeFileSync(path, JSON.stringify({ ...recipe, models }));
}

describe('loadRecipe', () => {
  it('finds the recipe and its models, with their digests', async () => {
    const loaded = await loadRecipe(folders(), SEGMENTATION);
    expect(loaded.recipe.name).toBe('corrected');
    const [model] = loaded.models;
    expect(model).toEqual({ path: join(folders().resources, 'model.onnx'), bytes: 7 });
    expect(await digestsOf(model!)).toEqual({ sha256: sha256('weights') });
  });

  it('counts weights that a model keeps beside itself, also beyond a link', async () => {
    const { resources } = folders();
    const data = join(resources, 'real.onnx.data');
    writeFileSync(data, 'numbers');
    writeFileSync(join(resources, 'real.onnx'), 'graph');
    rmSync(join(resources, 'model.onnx'));
    symlinkSync('real.onnx', join(resources, 'model.onnx'));
    const [model] = (await loadRecipe(folders(), SEGMENTATION)).models;
    expect(model).toEqual({ path: join(resources, 'model.onnx'), data, bytes: 12 });
    const digests = { sha256: sha256('graph'), dataSha256: sha256('numbers') };
    expect(await digestsOf(model!)).toEqual(digests);
  });

  it('lets files of the mounted model folder win, each on its own', async () => {
    mkdirSync(folders().modelFolder);
    writeFileSync(join(folders().modelFolder, 'model.onnx'), 'mounted');
    const loaded = await loadRecipe(folders(), SEGMENTATION);
    expect(loaded.models[0]!.path).toBe(join(folders().modelFolder, 'model.onnx'));
    expect(loaded.file).toBe(join(folders().resources, 'pipeline.json'));
  });

  it('says what is there when the recipe is missing', async () => {
    rmSync(join(folders().resources, 'pipeline.json'));
    const message = await refusal('RECIPE_MISSING');
    expect(message).toContain('resources holds model.onnx');
    expect(message).toContain('model does not exist');
  });

  it('names a missing model', async () => {
    rmSync(join(folders().resources, 'model.onnx'));
    const message = await refusal('MODEL_FILE_NOT_FOUND');
    expect(message).toContain('[model.onnx] Model file not found');
    expect(message).toContain('resources holds pipeline.json');
  });

  it("refuses a folder in the model's place", async () => {
    rmSync(join(folders().resources, 'model.onnx'));
    mkdirSync(join(folders().resources, 'model.onnx'));
    expect(await refusal('MODEL_FILE_NOT_FOUND')).toContain('it is not a file');
  });

  it.each(['../secret.onnx', '/etc/passwd', 'sub/../../secret.onnx', '.'])(
    'does not follow "%s" out of the folder',
    async (file) => {
      writeFileSync(join(base, 'secret.onnx'), 'x');
      nameModel(file);
      expect(await refusal('RECIPE_INVALID')).toContain('leads out of');
    },
  );

  it('refuses a link to nothing instead of taking the file of the other folder', async () => {
    mkdirSync(folders().modelFolder, { recursive: true });
    symlinkSync('nowhere', join(folders().modelFolder, 'pipeline.json'));
    expect(await refusal('RECIPE_INVALID')).toContain('leads nowhere');
  });

  it('does not wait for the writer of a pipe', async () => {
    const file = join(folders().resources, 'pipeline.json');
    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(await refusal('RECIPE_INVALID')).toContain('it is not a file');
  });

  it('does not follow a link out of the folder, but follows one inside', async () => {
    writeFileSync(join(base, 'secret.onnx'), 'x');
    symlinkSync(join(base, 'secret.onnx'), join(folders().resources, 'linked.onnx'));
    nameModel('linked.onnx');
    await refusal('RECIPE_INVALID');
    rmSync(join(folders().resources, 'linked.onnx'));
    symlinkSync('model.onnx', join(folders().resources, 'linked.onnx'));
    expect((await loadRecipe(folders(), SEGMENTATION)).models).toHaveLength(1);
  });

  it('takes models in sub-folders', async () => {
    mkdirSync(join(folders().resources, 'fold-1'));
    writeFileSync(join(folders().resources, 'fold-1/model.onnx'), 'x');
    nameModel('fold-1/model.onnx');
    expect((await loadRecipe(folders(), SEGMENTATION)).models[0]!.bytes).toBe(1);
  });

  it('warns of a network that is there twice, by a link too', async () => {
    expect((await loadRecipe(folders(), SEGMENTATION)).warnings).toEqual([]);
    symlinkSync('model.onnx', join(folders().resources, 'copy.onnx'));
    const recipe = JSON.parse(readFileSync(RECIPE, 'utf8')) as object;
    const models = ['model.onnx', 'copy.onnx'].map((file) => ({
      ...{ file, input: 'input', output: 'logits' },
    }));
    writeFileSync(
      join(folders().resources, 'pipeline.json'),
      JSON.stringify({ ...recipe, models }),
    );
    expect((await loadRecipe(folders(), SEGMENTATION)).warnings).toEqual([
      'models[0] and models[1] are the same network, copy.onnx',
    ]);
  });

  it.each([
    ['modelFolder', 'HECKTOR_MODEL_FOLDER'],
    ['resources', 'HECKTOR_RESOURCES'],
  ] as const)('refuses a file as %s', async (key, setting) => {
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    const error = await loadRecipe({ ...folders(), [key]: file }, SEGMENTATION).catch(
      (thrown: unknown) => thrown,
    );
    expect(isHecktorError(error, 'CONFIG_INVALID')).toBe(true);
    expect((error as Error).message).toContain(`${setting} is not a folder`);
  });
});

describe('loadRecipe of a cascade', () => {
  const recipeOf = (fields: object) =>
    JSON.stringify({ ...(JSON.parse(readFileSync(RECIPE, 'utf8')) as object), ...fields });
  const put = (name: string, fields: object) =>
    writeFileSync(join(folders().resources, name), recipeOf(fields));
  beforeEach(() => {
    mkdirSync(join(folders().resources, 'lowres'));
    put('lowres/pipeline.json', { name: 'lowres' });
    writeFileSync(join(folders().resources, 'lowres/model.onnx'), 'first weights');
    put('pipeline.json', {
      cascade: { recipe: 'lowres/pipeline.json', image: 'lowres' },
      tensor: { channels: ['ct', 'lowres'], axes: ['z', 'y', 'x'] },
    });
  });

  it('finds both recipes and the models of each', async () => {
    const { segmentation, models } = await loadRecipe(folders(), SEGMENTATION);
    expect(models[0]!.path).toBe(join(folders().resources, 'model.onnx'));
    expect(segmentation!.recipe.name).toBe('lowres');
    expect(segmentation!.models[0]!.path).toBe(join(folders().resources, 'lowres/model.onnx'));
  });

  it('names a first stage that is not there, and one without its model', async () => {
    rmSync(join(folders().resources, 'lowres/model.onnx'));
    expect(await refusal('MODEL_FILE_NOT_FOUND')).toContain('lowres holds pipeline.json');
    rmSync(join(folders().resources, 'lowres/pipeline.json'));
    const message = await refusal('RECIPE_MISSING');
    expect(message).toMatch(/lowres\/pipeline\.json\] the recipe was not found: .*lowres is empty/);
    expect(message).toContain('put lowres/pipeline.json beside the recipe that names it');
  });

  it('names the file of a fault in the first stage, and no other', async () => {
    put('lowres.json', { version: 2 });
    put('pipeline.json', {
      cascade: { recipe: 'lowres.json', image: 'lowres' },
      tensor: { channels: ['ct', 'lowres'], axes: ['z', 'y', 'x'] },
    });
    const message = await refusal('RECIPE_INVALID');
    expect(message).toContain('lowres.json] the recipe is invalid: version is 2');
    expect(message).not.toContain('pipeline.json');
  });

  it.each(['pipeline.json', 'lowres/pipeline.json'])(
    'refuses a cascade of a cascade',
    async (first) => {
      // The first of them runs itself first.
      const cascade = { recipe: first, image: 'lowres' };
      const tensor = { channels: ['ct', 'lowres'], axes: ['z', 'y', 'x'] };
      put('lowres/pipeline.json', { cascade, tensor });
      put('pipeline.json', { cascade, tensor });
      expect(await refusal('RECIPE_INVALID')).toContain('a cascade has two stages');
    },
  );
});
