import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isHecktorError, type ErrorCode } from '@hecktor/errors';
import { loadRecipe } from './load-recipe.ts';
import { PREDICTION } from './load-survival.ts';
import type { LoadedStage } from './recipe-format.ts';
import { TASKS } from '../fixtures/tasks.ts';

const RECIPE = fileURLToPath(new URL('../', import.meta.url));
let base = '';
const folders = () => ({ resources: join(base, 'resources'), modelFolder: join(base, 'model') });
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'recipe-'));
  cpSync(join(RECIPE, '../pipeline/golden/prediction'), folders().resources, { recursive: true });
  recipe({});
});
afterEach(() => rmSync(base, { recursive: true }));

/** Puts the recipe icare, with some fields replaced, into resources. */
function recipe(fields: Record<string, unknown>): void {
  const text = readFileSync(join(folders().resources, 'icare.json'), 'utf8');
  const whole = { ...(JSON.parse(text) as { features: object[] }), ...fields };
  writeFileSync(join(folders().resources, 'pipeline.json'), JSON.stringify(whole));
}

/** A recipe that segments first, with its recipe and model in the given places. */
function segmenting(name: string, model: string): void {
  const features = [{ encode: 'number', of: 'mask.GTVp.volume', missing: 0, mean: 0, scale: 1 }];
  recipe({ features, segmentation: { recipe: name } });
  const place = join(folders().resources, name);
  mkdirSync(dirname(place), { recursive: true });
  cpSync(join(RECIPE, 'recipes/corrected.json'), place);
  mkdirSync(dirname(model), { recursive: true });
  writeFileSync(model, 'weights');
}

/** The stages of the golden files, with the features of some replaced. */
function stages(change: Readonly<Record<string, (features: object[]) => object[]>>): void {
  const golden = join(RECIPE, '../pipeline/golden/stages');
  cpSync(golden, folders().resources, { recursive: true });
  const text = readFileSync(join(golden, 'expected.json'), 'utf8');
  const { recipe: whole } = JSON.parse(text) as { recipe: { stages: StageFields[] } };
  segmenting('segmentation/pipeline.json', join(folders().resources, 'segmentation/model.onnx'));
  const { models, head } = JSON.parse(
    readFileSync(join(folders().resources, 'risk.json'), 'utf8'),
  ) as StageFields;
  const deep = { name: 'deep', models, head, features: [AGE] };
  const later = whole.stages.map((stage) => ({
    ...stage,
    features: (change[stage.name] ?? ((features) => features))(stage.features),
  }));
  recipe({
    ...whole,
    ...{ features: undefined, models: undefined, head: undefined },
    segmentation: { recipe: 'segmentation/pipeline.json' },
    stages: [deep, ...later],
  });
}

interface StageFields {
  readonly name: string;
  readonly features: object[];
  readonly models?: object[];
  readonly head: object;
}
const AGE = { encode: 'number', of: 'Age', missing: 61, mean: 60, scale: 10 };

async function refusal(code: ErrorCode): Promise<string> {
  const error = await loadRecipe(folders(), PREDICTION).catch((thrown: unknown) => thrown);
  expect(isHecktorError(error, code)).toBe(true);
  return (error as Error).message;
}

describe('loadRecipe of a prediction', () => {
  it('finds the networks and the survival model, with their digests', async () => {
    const loaded = await loadRecipe(folders(), PREDICTION, { task: TASKS.task2 });
    expect(loaded.models).toHaveLength(3);
    const [{ survival }] = loaded.stages as [LoadedStage];
    expect(survival!.model.folds).toHaveLength(3);
    expect(survival!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.segmentation).toBeUndefined();
  });

  it('lets a mounted survival model win', async () => {
    mkdirSync(folders().modelFolder);
    const mounted = join(folders().modelFolder, 'survival.json');
    cpSync(join(folders().resources, 'survival.json'), mounted);
    const { stages } = await loadRecipe(folders(), PREDICTION);
    expect(stages![0]!.survival!.file).toBe(mounted);
  });

  it('warns of the same fold twice', async () => {
    const file = join(folders().resources, 'survival.json');
    const survival = JSON.parse(readFileSync(file, 'utf8')) as { folds: { fold: number }[] };
    survival.folds[2] = { ...survival.folds[0]!, fold: survival.folds[2]!.fold };
    writeFileSync(file, JSON.stringify(survival));
    expect((await loadRecipe(folders(), PREDICTION)).warnings).toEqual([
      'folds 0 and 2 of the survival model are the same',
    ]);
  });

  it('finds a segmentation and its models, relative to its own folder', async () => {
    const model = join(folders().resources, 'segmentation/model.onnx');
    segmenting('segmentation/pipeline.json', model);
    const { segmentation } = await loadRecipe(folders(), PREDICTION);
    expect(segmentation!.recipe.name).toBe('corrected');
    expect(segmentation!.models[0]!.path).toBe(model);
  });

  it('lets a mounted model of the segmentation win', async () => {
    const model = join(folders().modelFolder, 'segmentation/model.onnx');
    segmenting('segmentation/pipeline.json', model);
    const { segmentation } = await loadRecipe(folders(), PREDICTION);
    expect(segmentation!.models[0]!.path).toBe(model);
  });

  it('takes a segmentation beside it under another name', async () => {
    segmenting('labels.json', join(folders().resources, 'model.onnx'));
    expect((await loadRecipe(folders(), PREDICTION)).segmentation!.models).toHaveLength(1);
  });

  it.each(['../labels.json', '/etc/labels.json', 'a/../../labels.json'])(
    'does not follow "%s" out of the folder',
    async (name) => {
      const features = [
        { encode: 'number', of: 'mask.GTVp.volume', missing: 0, mean: 0, scale: 1 },
      ];
      recipe({ features, segmentation: { recipe: name } });
      expect(await refusal('RECIPE_INVALID')).toContain('leads out of');
    },
  );

  it('names a segmentation that is not there', async () => {
    segmenting('segmentation/pipeline.json', join(folders().resources, 'segmentation/model.onnx'));
    rmSync(join(folders().resources, 'segmentation/pipeline.json'));
    expect(await refusal('RECIPE_MISSING')).toContain('segmentation/pipeline.json');
  });

  it('refuses a segmentation that is a prediction', async () => {
    segmenting('segmentation/pipeline.json', join(folders().resources, 'segmentation/model.onnx'));
    const place = join(folders().resources, 'segmentation/pipeline.json');
    cpSync(join(folders().resources, 'class.json'), place);
    expect(await refusal('RECIPE_INVALID')).toContain('kind is "prediction"');
  });

  it('finds the files of heads in each stage, relative to it', async () => {
    stages({});
    const { stages: found } = await loadRecipe(folders(), PREDICTION, { task: TASKS.task2 });
    const cox = found!.find(({ stage }) => stage.name === 'cox')!.cox!;
    expect(cox[0]!.file).toBe(join(folders().resources, 'cox.json'));
    expect(cox[0]!.model.features).toHaveLength(6);
    const forest = found!.find(({ stage }) => stage.name === 'forest')!.trees!;
    expect(forest[0]!.model.trees).toBe(20);
    expect(forest[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses a Cox model of another vector, naming its file', async () => {
    stages({ cox: (features) => features.slice(1) });
    const message = await refusal('RECIPE_INVALID');
    expect(message).toContain('cox.json');
    expect(message).toContain('it takes 6 features, "features" of the recipe makes 5 numbers');
  });

  it.each([['cox'], ['forest']])('refuses features of %s in another order', async (stage) => {
    stages({ [stage]: ([first, second, ...rest]) => [second!, first!, ...rest] });
    expect(await refusal('RECIPE_INVALID')).toMatch(
      /its feature 1 is "Age", that of the recipe is /,
    );
  });

  it('refuses missing values for a forest that was fitted without any', async () => {
    stages({ forest: ([first, ...rest]) => [{ ...first!, missing: null }, ...rest] });
    expect(await refusal('RECIPE_INVALID')).toContain('"missing" of "Age" is null');
  });

  it('refuses a file that is no forest', async () => {
    stages({});
    cpSync(join(folders().resources, 'cox.json'), join(folders().resources, 'forest.trees'));
    expect(await refusal('SURVIVAL_MODEL_INVALID')).toContain('forest.trees');
  });

  it('names the forest that was probably meant', async () => {
    stages({});
    const place = join(folders().resources, 'pipeline.json');
    writeFileSync(place, readFileSync(place, 'utf8').replace('forest.trees', 'forrest.trees'));
    expect(await refusal('MODEL_FILE_NOT_FOUND')).toContain('name "forest.trees" in the recipe');
  });

  it('names the survival model that was probably meant', async () => {
    recipe({ head: { kind: 'icare', file: 'survivel.json' } });
    expect(await refusal('MODEL_FILE_NOT_FOUND')).toContain('name "survival.json" in the recipe');
  });
});
