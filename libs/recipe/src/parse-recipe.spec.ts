import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { nearMiss } from '@hecktor/errors';
import { parseRecipe } from './parse-recipe.ts';
import { checkClasses, SEGMENTATION } from './segmentation-format.ts';
import { PREDICTION } from './load-survival.ts';
import { TASKS } from '../fixtures/tasks.ts';

const RECIPES = new URL('../recipes/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(`${name}.json`, RECIPES), 'utf8');
type Fields = Record<string, unknown>;
type Loose = Fields & { preprocessing: Fields[]; inference: Fields };

/** The message for a recipe that `change` has spoiled. */
function faultOf(change: (recipe: Loose) => void): string {
  const recipe = JSON.parse(text('corrected')) as Loose;
  change(recipe);
  try {
    parseRecipe(JSON.stringify(recipe), SEGMENTATION, { file: 'pipeline.json' });
  } catch (error) {
    expect(isHecktorError(error, 'RECIPE_INVALID')).toBe(true);
    expect((error as Error).message).toContain('[pipeline.json]');
    return (error as Error).message;
  }
  throw new Error('the recipe was taken');
}

describe('parseRecipe', () => {
  it.each(['baseline', 'corrected'])('takes the ready recipe %s', (name) => {
    const recipe = parseRecipe(text(name), SEGMENTATION);
    expect(recipe.name).toBe(name);
    expect(recipe).toMatchObject(JSON.parse(text(name)) as object);
  });

  it.each(
    ['task2', 'task3'].flatMap((task) =>
      ['baseline', 'corrected', 'training'].map((name) => [task, name] as const),
    ),
  )('takes the ready recipe of %s, %s', (task, name) => {
    const ready = text(`${task}-${name}`);
    const app = TASKS[task as keyof typeof TASKS];
    expect(parseRecipe(ready, PREDICTION, { task: app })).toMatchObject({ name });
  });

  it('fills in what is left to the defaults', () => {
    const recipe = JSON.parse(text('corrected')) as Loose;
    const { roi, overlap, blend } = recipe.inference;
    recipe.inference = { roi, overlap, blend };
    const parsed = parseRecipe(JSON.stringify(recipe), SEGMENTATION);
    expect(parsed.inference).toMatchObject({
      sigmaScale: 0.125,
      windowsPerBatch: 1,
      flips: [],
      combine: 'mean-logits',
      tiling: 'monai',
      arithmetic: 'float32',
      prefer: 'networks',
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
      ['inference.overlap must be <= 0.95, got 1'],
    ],
    [
      'windows at almost every voxel, and weights of one voxel',
      (r) => {
        Object.assign(r.inference, { overlap: 0.999999, sigmaScale: 1e-300 });
      },
      [
        'inference.overlap must be <= 0.95, got 0.999999',
        'inference.sigmaScale must be >= 0.001, got 1e-300',
      ],
    ],
    [
      'one set of axes in two orders',
      (r) => {
        r.inference['flips'] = [['z'], ['x', 'y'], ['y', 'x']];
      },
      ['inference.flips[2] has the axes of flips[1]: x,y'],
    ],
    [
      'a background that becomes a label',
      (r) => {
        r['postprocessing'] = [{ step: 'map-classes', to: [2, 1, 1] }];
      },
      ['postprocessing[0] (map-classes).to makes 2 of class 0, the background, expected 0'],
    ],
    [
      'a channel that is none',
      (r) => {
        r.inference['skipOutside'] = { channel: 'ctt', above: 0 };
      },
      ['inference.skipOutside.channel is "ctt", expected one of tensor.channels: ct, pet'],
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
        'inference.blend is "gausian", expected one of gaussian, constant, nnunet (did you mean "gaussian"?)',
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
    expect(() => parseRecipe(json, SEGMENTATION)).toThrow('RECIPE_INVALID');
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

describe('parseRecipe reports', () => {
  it('a key that is there twice, and where', () => {
    const json = text('corrected').replace('"version": 1,', '"version": 1,\n  "version": 1,');
    expect(() => parseRecipe(json, SEGMENTATION)).toThrow(
      /the key "version" is there twice, again in line 4/,
    );
  });

  it('a key that is there twice deep inside, and no key of two entries', () => {
    const json = text('corrected').replace('"overlap"', '"overlap": 0.5, "overlap"');
    expect(() => parseRecipe(json, SEGMENTATION)).toThrow('"overlap" is there twice');
  });
});

describe('checkClasses', () => {
  const PLAIN = { postprocessing: [] };
  const regions = (...labels: number[]) => ({ ...PLAIN, regions: labels });

  it('says which label a network with too few classes can never give', () => {
    expect(checkClasses(3, PLAIN)).toEqual([]);
    expect(checkClasses(2, PLAIN)).toEqual([
      'the network has 2 classes, so no voxel can ever be 2 (GTVn)',
    ]);
    expect(checkClasses(2, PLAIN, [{ name: 'GTVp', value: 1 }])).toEqual([]);
  });

  it('refuses labels that the task does not have', () => {
    expect(() => checkClasses(3, PLAIN, [{ name: 'lesion', value: 1 }])).toThrow(
      /end as the labels 0, 1, 2.*labels are 0, 1 \(lesion\)/,
    );
  });

  it('takes regions by their labels, through a class map too', () => {
    expect(checkClasses(2, regions(1, 2))).toEqual([]);
    expect(checkClasses(1, regions(1))).toEqual([
      'the network has 1 regions, so no voxel can ever be 2 (GTVn)',
    ]);
    const mapped = {
      ...regions(3, 1),
      postprocessing: [{ step: 'map-classes', to: [0, 2, 0, 1] }],
    };
    expect(checkClasses(2, mapped as never)).toEqual([]);
    expect(() => checkClasses(2, regions(1, 3))).toThrow('the 2 regions of the network end as');
  });

  it('refuses regions that are not those of the network', () => {
    expect(() => checkClasses(3, regions(1, 2))).toThrow(
      'the network has 3 outputs, "regions" of the recipe has 2 labels',
    );
  });
});
