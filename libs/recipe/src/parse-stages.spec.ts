import { describe, expect, it } from '@jest/globals';
import { TASKS } from '../fixtures/tasks.ts';
import { PREDICTION } from './load-survival.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { RecipeTask } from './recipe-format.ts';

const age = { encode: 'number', of: 'Age', missing: 61, mean: 60, scale: 10 };
const staged = (of: string) => ({ encode: 'number', of, missing: 0, mean: 0, scale: 1 });
const deep = {
  name: 'deep',
  models: [{ file: 'a.onnx', inputs: { image: 'image' }, output: 'out' }],
  head: { kind: 'risk', higherIs: 'earlier' },
};
const cox = { name: 'cox', features: [age], head: { kind: 'cox', files: ['cox.json'] } };
const stage = {
  name: 't',
  features: [age],
  models: [{ file: 't.onnx', inputs: { features: 'f' }, output: 'out' }],
  head: { kind: 'class', classes: ['T0', 'T1', 'T2'], among: ['T1', 'T2'], decide: 'argmax' },
};
const fused = {
  name: 'fused',
  head: { kind: 'fusion', inputs: [{ of: 'deep' }, { of: 'cox' }] },
};
const segmentation = { recipe: 'segmentation/pipeline.json' };

const recipe = (fields: object) => ({
  ...{ version: 1, kind: 'prediction', name: 'stages' },
  ...{ preprocessing: [], tensor: { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] } },
  ...fields,
});
const parse = (fields: object, task?: RecipeTask) =>
  parseRecipe(JSON.stringify(recipe(fields)), PREDICTION, { ...(task && { task }) });
const withHead = (head: object) => ({ ...fused, head: { ...fused.head, ...head } });

/** A task with a label map, a class and a risk. */
const several: RecipeTask = {
  ...TASKS.task2,
  recipe: { kind: 'prediction', heads: ['risk', 'cox', 'class', 'fusion'] },
  outputs: [
    ...TASKS.task1.outputs,
    { name: 't-stage', kind: 'class', path: 't.json', classes: ['T1', 'T2', 'T3'] },
    { name: 'rfs', kind: 'number', path: 'rfs.json' },
  ],
};
const mask = TASKS.task1.outputs[0]!.name;
const all = { [mask]: 'segmentation', 't-stage': 't', rfs: 'fused' };
const whole = { segmentation, stages: [deep, cox, stage, fused], outputs: all };

describe('a recipe with stages', () => {
  it('is taken, its last stage for the only output of a task', () => {
    const stack = { ...cox, name: 'stack', features: [age, staged('stage.t.T0')] };
    const stages = [deep, cox, stage, stack, fused];
    expect(parse({ stages }, TASKS.task2).stages).toHaveLength(5);
  });

  it('says what each output of a task gets', () => {
    expect(() => parse(whole, several)).not.toThrow();
    const fallback = { outputs: { [mask]: { mask: 'empty' }, 't-stage': 'T2', rfs: 0.5 } };
    expect(() => parse({ ...whole, onFailure: 'fallback', fallback }, several)).not.toThrow();
  });

  it('needs no images where no network sees any', () => {
    const text = JSON.stringify({ ...cox, version: 1, kind: 'prediction', name: 'record' });
    expect(parseRecipe(text, PREDICTION, { task: TASKS.task2 }).head).toMatchObject(cox.head);
  });

  it('lets boosted trees and the like have missing values', () => {
    const open = { ...stage, features: [{ ...age, missing: null }] };
    expect(() => parse({ stages: [open] })).not.toThrow();
  });

  it.each<[string, object, string]>([
    ['stages and a head', { stages: [cox], head: cox.head }, '"stages" and "head"'],
    ['neither', {}, 'lacks "head" (or "stages")'],
    ['a name twice', { stages: [cox, cox] }, 'stage "cox": there is another stage of this name'],
    ['a head without its features', { stages: [{ ...cox, features: [] }] }, 'neither "models"'],
    ['networks of a Cox model', { stages: [{ ...cox, models: deep.models }] }, 'does not take'],
    ['features of a fusion', { stages: [cox, { ...fused, features: [age] }] }, 'takes "inputs"'],
    [
      'a network of images without tensor',
      { tensor: undefined, stages: [deep] },
      'stage "deep": a model has an input for the image, but it has no "tensor"',
    ],
    [
      'channels that no case has, in a stage with its own',
      { stages: [{ ...deep, tensor: { channels: ['ct', 'pett'], axes: ['z', 'y', 'x'] } }] },
      '(did you mean "pet"?)',
    ],
    [
      'an answer of a later stage',
      { stages: [{ ...cox, features: [staged('stage.deep')] }, deep] },
      'features[0].of is "stage.deep", expected an answer of a stage before it',
    ],
    [
      'an answer of a class without its name',
      { stages: [stage, { ...cox, features: [staged('stage.t')] }] },
      'stage.t.T0, stage.t.T1, stage.t.T2',
    ],
    [
      'a missing value that a Cox model cannot take',
      { stages: [{ ...cox, features: [{ ...age, missing: null }] }] },
      'features[0] (number).missing is null',
    ],
    ['a fusion of nothing before it', { stages: [fused, deep, cox] }, 'there is none'],
    [
      'a fusion of a class and a number',
      { stages: [cox, stage, withHead({ inputs: [{ of: 't' }, { of: 'cox' }] })] },
      '"cox" with no classes, but "t" has T0, T1, T2',
    ],
    [
      'weights without a mean',
      { stages: [deep, withHead({ inputs: [{ of: 'deep', weight: 0 }] })] },
      'weights without a mean',
    ],
    [
      'a table that falls',
      {
        stages: [
          deep,
          withHead({ inputs: [{ of: 'deep', scale: { by: 'quantiles', table: [1, 3, 2] } }] }),
        ],
      },
      'head.inputs[0].scale.table falls at index 2',
    ],
    [
      'a threshold of classes',
      { stages: [stage, withHead({ inputs: [{ of: 't' }], threshold: 0.5 })] },
      'head.threshold is for an answer true or false',
    ],
    [
      'classes and a positive one',
      { stages: [{ ...stage, head: { ...stage.head, positive: 1 } }] },
      'one of "positive" (true or false) and "classes"',
    ],
    [
      'a threshold of named classes',
      { stages: [{ ...stage, head: { ...stage.head, decide: { threshold: 0.5 } } }] },
      'has to be "argmax"',
    ],
    [
      'one number for several classes',
      { stages: [{ ...stage, head: { ...stage.head, gives: 'logit' } }] },
      'head.gives is "logit", which is one number',
    ],
    [
      'a misspelt class',
      { stages: [{ ...stage, head: { ...stage.head, among: ['T1', 't2'] } }] },
      'head.among has "t2"',
    ],
    ['outputs without stages', { ...cox, outputs: { rfs: 'cox' } }, 'of which the recipe has none'],
    ['an output of no stage', { stages: [cox], outputs: { rfs: 'coxx' } }, 'did you mean "cox"'],
    [
      'a label map without a segmentation',
      { stages: [cox], outputs: { mask: 'segmentation' } },
      'outputs.mask is "segmentation", expected one of cox',
    ],
  ])('refuses %s', (_, fields, words) => {
    expect(() => parse(fields)).toThrow(words);
  });

  it.each<[string, object, string]>([
    [
      'a head that it does not take',
      { stages: [{ ...cox, head: { kind: 'icare', file: 'a' } }] },
      'stage "cox": head.kind is "icare"',
    ],
    ['an output that nothing is for', { outputs: { rfs: 'fused' } }, 'outputs lacks "t-stage"'],
    ['one that it does not write', { outputs: { ...all, m: 't' } }, 'outputs has "m"'],
    [
      'a class for a number',
      { outputs: { ...all, rfs: 't' } },
      '"rfs" is a number, but "t" gives a class',
    ],
    [
      'classes that it does not have',
      { stages: [deep, cox, { ...stage, head: { ...stage.head, among: ['T0', 'T1'] } }, fused] },
      'is one of T1, T2, T3, but "t" may give T0',
    ],
    [
      'a fallback for one of its outputs',
      { onFailure: 'fallback', fallback: { outputs: { rfs: 0.5 } } },
      'fallback.outputs.t-stage is undefined, expected one of T1, T2',
    ],
    [
      'one value for all of them',
      { onFailure: 'fallback', fallback: { value: 1 } },
      'fallback.value is for one output',
    ],
  ])('refuses, of a task with several outputs, %s', (_, fields, words) => {
    expect(() => parse({ ...whole, ...fields }, several)).toThrow(words);
  });
});
