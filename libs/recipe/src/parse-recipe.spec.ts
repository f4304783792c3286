import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { nearMiss } from '@hecktor/errors';
import { parseRecipe } from './parse-recipe.ts';
import { PREDICTION_APPS } from './prediction-apps.ts';

const RECIPES = new URL('../recipes/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(`${name}.json`, RECIPES), 'utf8');
type Fields = Record<string, unknown>;
type Loose = Fields & { preprocessing: Fields[]; inference: Fields };

/** The message for a recipe that `change` has spoiled. */
function faultOf(change: (recipe: Loose) => void): string {
  const recipe = JSON.parse(text('corrected')) as Loose;
  change(recipe);
  try {
    parseRecipe(JSON.stringify(recipe), { kind: 'segmentation', file: 'pipeline.json' });
  } catch (error) {
    expect(isHecktorError(error, 'RECIPE_INVALID')).toBe(true);
    expect((error as Error).message).toContain('[pipeline.json]');
    return (error as Error).message;
  }
  throw new Error('the recipe was taken');
}

describe('parseRecipe', () => {
  it.each(['baseline', 'corrected'])('takes the ready recipe %s', (name) => {
    const recipe = parseRecipe(text(name), { kind: 'segmentation' });
    expect(recipe.name).toBe(name);
    expect(recipe).toMatchObject(JSON.parse(text(name)) as object);
  });

  it.each(
    ['task2', 'task3'].flatMap((task) =>
      ['baseline', 'corrected', 'training'].map((name) => [task, name] as const),
    ),
  )('takes the ready recipe of %s, %s', (task, name) => {
    const ready = text(`${task}-${name}`);
    const app = PREDICTION_APPS[task as keyof typeof PREDICTION_APPS];
    expect(parseRecipe(ready, { kind: 'prediction', app })).toMatchObject({ name });
  });

  it('fills in what is left to the defaults', () => {
    const recipe = JSON.parse(text('corrected')) as Loose;
    const { roi, overlap, blend } = recipe.inference;
    recipe.inference = { roi, overlap, blend };
    const parsed = parseRecipe(JSON.stringify(recipe), { kind: 'segmentation' });
    expect(parsed.inference).toMatchObject({
      sigmaScale: 0.125,
      windowsPerBatch: 1,
      flips: [],
      combine: 'mean-logits',
    });
    expect(parsed.models[0]!.weight).toBe(1);
  });

  const faults: [string, (recipe: Loose) => void, string[]][] = [
    [
      'a misspelt key',
      (r) => {
        r['preprocesing'] = r['preprocessing'];
      },
      ['the recipe has the unknown key "preprocesing" (did you mean "preprocessing"?)'],
    ],
    [
      'a misspelt key of a step',
      (r) => {
        r.preprocessing[1]!['topfraction'] = 0.25;
        delete r.preprocessing[1]!['topFraction'];
      },
      [
        'preprocessing[1] (crop-neck) has the unknown key "topfraction" (did you mean "topFraction"?)',
      ],
    ],
    [
      'a step without one of its keys',
      (r) => {
        delete r.preprocessing[1]!['size'];
      },
      ['preprocessing[1] (crop-neck) lacks "size"'],
    ],
    [
      'a misspelt step',
      (r) => {
        r.preprocessing[1]!['step'] = 'neck-crop';
      },
      ['preprocessing[1] (neck-crop).step is "neck-crop", expected one of '],
    ],
    [
      'a nearly right step',
      (r) => {
        r.preprocessing[3]!['step'] = 'z_scores';
      },
      ['did you mean "z-score"?'],
    ],
    [
      'a step without a name',
      (r) => {
        delete r.preprocessing[0]!['step'];
      },
      ['preprocessing[0]'],
    ],
    [
      'a value out of range',
      (r) => {
        r.inference['overlap'] = 1;
      },
      ['inference.overlap must be < 1, got 1'],
    ],
    [
      'a value of another type',
      (r) => {
        r.inference['roi'] = [128, 128, '128'];
      },
      ['inference.roi[2] must be integer, got "128"'],
    ],
    [
      'a misspelt choice',
      (r) => {
        r.inference['blend'] = 'gausian';
      },
      [
        'inference.blend is "gausian", expected one of gaussian, constant (did you mean "gaussian"?)',
      ],
    ],
    [
      'another version',
      (r) => {
        r['version'] = 2;
      },
      ['version is 2, expected 1'],
    ],
    [
      'no models',
      (r) => {
        r['models'] = [];
      },
      ['models must NOT have fewer than 1 items'],
    ],
    [
      'an axis twice',
      (r) => {
        r['tensor'] = { channels: ['ct', 'pet'], axes: ['x', 'y', 'y'] };
      },
      ['tensor.axes must NOT have duplicate items'],
    ],
    [
      'an image that no case has',
      (r) => {
        r['tensor'] = { channels: ['ct', 'pt'], axes: ['x', 'y', 'z'] };
        r.preprocessing[1]!['source'] = 'mr';
      },
      [
        'tensor.channels[1] is "pt", expected one of ct, pet (did you mean',
        'preprocessing[1] (crop-neck).source is "mr", expected one of ct, pet',
      ],
    ],
    [
      'a padding value for an image that no case has',
      (r) => {
        r.preprocessing[0]!['outside'] = { cT: -1000, pet: 0 };
      },
      ['outside is "cT", expected one of ct, pet (did you mean "ct"?)'],
    ],
    [
      'weights that are all 0',
      (r) => {
        r['models'] = [{ file: 'a.onnx', input: 'input', output: 'logits', weight: 0 }];
      },
      ['weights that are all 0'],
    ],
    [
      'the recipe of another task',
      (r) => {
        r['kind'] = 'prediction';
      },
      ['kind is "prediction", this container runs recipes of the kind "segmentation"'],
    ],
  ];
  it.each(faults)('refuses %s', (_, change, words) => {
    const message = faultOf(change);
    for (const part of words) expect(message).toContain(part);
    expect(message).not.toContain('must match exactly one schema');
  });

  it.each(['', '{', '[]', 'null', '3', '"recipe"'])('refuses the text %j', (json) => {
    expect(() => parseRecipe(json, { kind: 'segmentation' })).toThrow('RECIPE_INVALID');
  });

  it('lists no more than five faults', () => {
    const message = faultOf((recipe) => {
      Object.assign(recipe, {
        name: 1,
        tensor: 1,
        models: 1,
        inference: 1,
        version: 1.5,
        invert: 1,
      });
    });
    expect(message).toContain('and 1 more');
  });
});

describe('nearMiss', () => {
  it.each([
    ['topFracton', 'topFraction'],
    ['top_fraction', 'topFraction'],
    ['TOPFRACTION', 'topFraction'],
    ['soruce', 'source'],
    ['siz', 'size'],
    ['colour', undefined],
    ['x', undefined],
  ])('finds for %s %s', (word, expected) => {
    expect(nearMiss(word, ['topFraction', 'source', 'size'])).toBe(expected);
  });
});
