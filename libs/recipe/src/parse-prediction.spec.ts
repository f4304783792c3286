import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { parseRecipe } from './parse-recipe.ts';
import { PREDICTION } from './load-survival.ts';
import { doseThresholds } from './check-prediction.ts';
import { TASKS } from '../fixtures/tasks.ts';

const GOLDEN = new URL('../../pipeline/golden/prediction/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(`${name}.json`, GOLDEN), 'utf8');
type Fields = Record<string, unknown>;
type Loose = Fields & { features: Fields[]; models: Fields[]; head: Fields; inputs: Fields };

/** The message for a recipe that `change` has spoiled. */
function faultOf(name: string, change: (recipe: Loose) => void, app?: 'task2' | 'task3'): string {
  const recipe = JSON.parse(text(name)) as Loose;
  change(recipe);
  const options = app === undefined ? {} : { task: TASKS[app] };
  try {
    parseRecipe(JSON.stringify(recipe), PREDICTION, { ...options });
  } catch (error) {
    expect(isHecktorError(error, 'RECIPE_INVALID')).toBe(true);
    return (error as Error).message;
  }
  throw new Error('the recipe was taken');
}

const RADIOMICS_PARAMS = {
  setting: { binWidth: 0.5, resampledPixelSpacing: null },
  imageType: { Original: {}, LoG: { sigma: [2] } },
  featureClass: { shape: null, firstorder: [], glcm: ['JointEnergy', 'SumVariance'] },
};

/** Lets a recipe segment first and use one more feature. */
function compute(recipe: Loose, of: string): void {
  recipe['segmentation'] = { recipe: 'segmentation/pipeline.json' };
  recipe.features.push({ encode: 'number', of, missing: 0, mean: 0, scale: 1 });
}

describe('parseRecipe with a prediction recipe', () => {
  it.each([
    ['icare', 'task2'],
    ['risk', 'task2'],
    ['class', 'task3'],
  ] as const)('takes %s for %s', (name, app) => {
    const recipe = parseRecipe(text(name), PREDICTION, { task: TASKS[app] });
    expect(recipe).toMatchObject(JSON.parse(text(name)) as object);
  });

  it('takes one without features, inputs and segmentation, and fills in the defaults', () => {
    const recipe = JSON.parse(text('class')) as Partial<Loose>;
    delete recipe.features;
    recipe.models = [{ file: 'a.onnx', inputs: { image: 'image' }, output: 'out' }];
    const parsed = parseRecipe(JSON.stringify(recipe), PREDICTION);
    expect(parsed.features).toEqual([]);
    expect(parsed.models![0]!.weight).toBe(1);
  });

  it.each(['mask.GTVp.volume', 'mask.GTV.MTV41%', 'mask.distance.nearest'])('takes %s', (of) => {
    const recipe = JSON.parse(text('risk')) as Loose;
    compute(recipe, of);
    expect(() => parseRecipe(JSON.stringify(recipe), PREDICTION)).not.toThrow();
  });

  it.each(['dose.GTVp.mean', 'dose.GTV.D95', 'dose.GTVn.V60'])('takes %s with a dose', (of) => {
    const recipe = JSON.parse(text('risk')) as Loose;
    compute(recipe, of);
    expect(() => parseRecipe(JSON.stringify(recipe), PREDICTION)).not.toThrow();
  });

  it.each([
    'radiomics.pet.GTVp.original_glcm_JointEnergy',
    'radiomics.pet.GTVn#2.original_shape_MeshVolume',
    'radiomics.pet.GTV.log-sigma-2-mm-3D_firstorder_Mean',
    'radiomics.pet.GTV.log-sigma-2-0-mm-3D_firstorder_Mean',
  ])('takes %s with settings that ask for it', (of) => {
    const recipe = JSON.parse(text('risk')) as Loose;
    compute(recipe, of);
    recipe['radiomics'] = { pet: { image: 'pet', params: RADIOMICS_PARAMS } };
    expect(() => parseRecipe(JSON.stringify(recipe), PREDICTION)).not.toThrow();
  });

  it('names a number that no double can hold', () => {
    const recipe = text('risk').replace('"scale": ', '"scale": 1e400, "was": ');
    expect(() => parseRecipe(recipe, PREDICTION)).toThrow('"scale" is a number larger than');
  });

  const faults: [string, string, (recipe: Loose) => void, string[]][] = [
    ...(
      [
        [
          'a feature that the settings leave out',
          { params: { featureClass: { shape: [] } } },
          'radiomics.pet.GTVp.original_glcm_JointEnergy',
          'which radiomics.pet.params does not ask for',
        ],
        [
          'a Laplacian of Gaussian without sigma',
          { params: { imageType: { Original: {}, LoG: {} } } },
          'radiomics.pet.GTVp.original_glcm_JointEnergy',
          'radiomics.pet.params.imageType.LoG needs "sigma"',
        ],
        [
          'a misspelt feature',
          {},
          'radiomics.pet.GTVp.original_glcm_JointEnregy',
          '(did you mean "original_glcm_JointEnergy"?)',
        ],
        [
          'a name without target',
          {},
          'radiomics.pet.original_glcm_Id',
          'expected "radiomics.<name>.',
        ],
        [
          'an extraction that is not there',
          {},
          'radiomics.pett.GTVp.original_glcm_Id',
          '"radiomics" has no "pett" (did you mean "pet"?)',
        ],
        ['no feature of an extraction', {}, 'mask.GTVp.volume', '"pet", but no feature uses it'],
        [
          'an image that no case has',
          { image: 'mr' },
          'radiomics.pet.GTVp.original_glcm_Id',
          'radiomics.pet.image is "mr", expected one of ct, pet',
        ],
        [
          'an interpolation that nothing uses',
          { interpolation: 'linear' },
          'radiomics.pet.GTVp.original_glcm_Id',
          'radiomics.pet.interpolation needs "grid": "mask"',
        ],
        [
          'a setting of PyRadiomics that there is not',
          { params: { setting: { binwidth: 25 } } },
          'radiomics.pet.GTVp.original_glcm_Id',
          'unknown key "binwidth" (did you mean "binWidth"?)',
        ],
        [
          'an interpolator that is not there',
          { params: { setting: { interpolator: 'sitkGaussian' } } },
          'radiomics.pet.GTVp.original_glcm_Id',
          'interpolator is "sitkGaussian", expected one of',
        ],
      ] as const
    ).map(([what, entry, of, fault]): (typeof faults)[number] => [
      what,
      'risk',
      (r) => {
        compute(r, of);
        r['radiomics'] = { pet: { image: 'pet', ...entry } };
      },
      [fault],
    ]),
    [
      'a misspelt key',
      'icare',
      (r) => {
        r['feature'] = [];
      },
      ['the recipe has the unknown key "feature" (did you mean "features"?)'],
    ],
    [
      'a misspelt encoder',
      'icare',
      (r) => {
        r.features[0]!['encode'] = 'numbr';
      },
      ['features[0] (numbr).encode is "numbr", expected one of', '(did you mean "number"?)'],
    ],
    [
      'a misspelt key of an encoder',
      'icare',
      (r) => {
        delete r.features[0]!['missing'];
        r.features[0]!['mising'] = 1;
      },
      ['features[0] (number) has the unknown key "mising" (did you mean "missing"?)'],
    ],
    [
      'a misspelt head',
      'icare',
      (r) => {
        r.head['kind'] = 'icarus';
      },
      ['head.kind is "icarus", expected one of icare, risk, ', '(did you mean "icare"?)'],
    ],
    [
      'a misspelt way of combining',
      'icare',
      (r) => {
        r.head['combine'] = 'medain';
      },
      ['head.combine is "medain"', '(did you mean "median"?)'],
    ],
    [
      'a way of combining of another head',
      'class',
      (r) => {
        r.head['combine'] = 'median';
      },
      ['head.combine is "median", expected one of mean-logits, mean-probabilities'],
    ],
    [
      'a threshold of 1',
      'class',
      (r) => {
        r.head['decide'] = { threshold: 1 };
      },
      ['head.decide.threshold must be < 1, got 1'],
    ],
    [
      'a network without inputs',
      'icare',
      (r) => {
        r.models[0]!['inputs'] = {};
      },
      ['models[0].inputs'],
    ],
    [
      'a misspelt input',
      'risk',
      (r) => {
        r.inputs['rt_dose'] = { absent: 0 };
      },
      ['inputs has "rt_dose", but no channel, step or feature uses it'],
    ],
    [
      'a range with its upper bound first',
      'icare',
      (r) => {
        r.features[0] = { ...r.features[0], encode: 'number', range: [110, 18] };
      },
      ['range is [110,18], expected the lower bound first'],
    ],
    [
      'a stand-in that is none',
      'risk',
      (r) => {
        r.inputs['rt-dose'] = { absent: 'zero' };
      },
      ['inputs.rt-dose.absent'],
    ],
    [
      'an input that nothing uses',
      'icare',
      (r) => {
        r.inputs = { 'rt-dose': { absent: 0 } };
      },
      ['inputs has "rt-dose", but no channel, step or feature uses it'],
    ],
    [
      'a channel that is no input',
      'risk',
      (r) => {
        delete r.inputs['rt-dose'];
      },
      ['tensor.channels[3] is "rt-dose", expected one of ct, pet, ct-planning'],
    ],
    [
      'weights that overflow',
      'icare',
      (r) => {
        for (const model of r.models) model['weight'] = 1.7e308;
      },
      ['weights whose sum is infinite'],
    ],
    [
      'a constant that overflows',
      'risk',
      (r) => {
        r.inputs['rt-dose'] = { absent: 1e39 };
      },
      ['inputs.rt-dose.absent is 1e+39, which float32 cannot hold'],
    ],
    [
      'weights that are all 0',
      'icare',
      (r) => {
        for (const model of r.models) model['weight'] = 0;
      },
      ['weights that are all 0'],
    ],
    [
      'features that no network takes',
      'class',
      (r) => {
        for (const model of r.models) model['inputs'] = { image: 'image' };
      },
      ['the recipe has "features", but no entry of models has "inputs.features"'],
    ],
    [
      'a network that takes features where there are none',
      'class',
      (r) => {
        r.features = [];
      },
      ['a model has an input for features, but the recipe has no "features"'],
    ],
    [
      'the same feature twice',
      'icare',
      (r) => {
        r.features.push(r.features[0]!);
      },
      ['(number) of "Age" is there twice'],
    ],
    [
      'categories that are one',
      'icare',
      (r) => {
        r.features[2]!['categories'] = ['1', '1.0', 'Unknown'];
      },
      ['has the categories "1" and "1.0", which are one'],
    ],
    [
      'a misspelt computed feature',
      'risk',
      (r) => compute(r, 'mask.GTVp.volumes'),
      ['which is no computed feature (did you mean "mask.GTVp.volume"?)'],
    ],
    [
      'a dose that is not written plainly',
      'risk',
      (r) => compute(r, 'dose.GTVp.V60.0'),
      ['is "dose.GTVp.V60.0", expected "dose.GTVp.V60"'],
    ],
    [
      'a mask feature without a segmentation',
      'icare',
      (r) => {
        compute(r, 'mask.GTVp.volume');
        delete r['segmentation'];
      },
      ['is "mask.GTVp.volume", which needs "segmentation" in the recipe'],
    ],
    [
      'a dose feature without a dose',
      'icare',
      (r) => compute(r, 'dose.GTVp.mean'),
      ['is "dose.GTVp.mean", which needs "rt-dose" among "inputs"'],
    ],
    [
      'a segmentation for nothing',
      'icare',
      (r) => {
        r['segmentation'] = { recipe: 'segmentation/pipeline.json' };
      },
      ['"segmentation" would run for nothing'],
    ],
  ];
  it.each(faults)('refuses %s', (_, name, change, words) => {
    const message = faultOf(name, change);
    for (const part of words) expect(message).toContain(part);
    expect(message).not.toContain('must match exactly one schema');
  });

  it('names the app that a recipe is not for', () => {
    const same = (): void => undefined;
    expect(faultOf('icare', same, 'task3')).toContain('head.kind is "icare", task3 takes class');
    expect(faultOf('class', same, 'task2')).toContain(
      'the output "rfs" is a number, but the head gives a boolean: write "kind": "risk", "column": 1',
    );
    expect(faultOf('risk', same, 'task3')).toContain(
      'inputs has "rt-dose", which task3 never gets',
    );
  });

  it('takes the names of optional images from the task', () => {
    const add = (input: string) => (r: Loose) => {
      r.inputs[input] = { absent: 0 };
    };
    expect(faultOf('risk', add('rt_dose'), 'task2')).toContain(
      'inputs has "rt_dose", which task2 never gets (did you mean "rt-dose"?)',
    );
    expect(faultOf('risk', add('pet'), 'task2')).toContain(
      'inputs has "pet", which every case of task2 has',
    );
    const { inputs, ...task2 } = TASKS.task2;
    const ct2 = { ...inputs.find(({ name }) => name === 'rt-dose')!, name: 'mr' };
    const recipe = JSON.parse(text('risk').replaceAll('rt-dose', 'mr')) as Loose;
    const task = { ...task2, inputs: [...inputs, ct2] };
    expect(parseRecipe(JSON.stringify(recipe), PREDICTION, { task }).inputs).toHaveProperty('mr');
  });
});

describe('doseThresholds', () => {
  it('finds the doses that are asked for', () => {
    const names = [
      'dose.GTVp.V60',
      'dose.GTVn.V60',
      'dose.GTV.V12.5',
      'dose.GTV.mean',
      'mask.GTV.V1',
    ];
    expect(doseThresholds(names)).toEqual([60, 12.5]);
  });
});
