import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseRecipe } from './parse-recipe.ts';
import { cascadeLabels, SEGMENTATION } from './segmentation-format.ts';

const RECIPE = readFileSync(new URL('../recipes/nnunet.json', import.meta.url), 'utf8');
type Fields = Record<string, unknown>;
type Loose = Fields & { preprocessing: Fields[] };

describe('a recipe of an nnU-Net folder', () => {
  const nnunet = (change: (recipe: Loose) => void = () => undefined): string => {
    const recipe = JSON.parse(RECIPE) as Loose;
    change(recipe);
    return JSON.stringify(recipe);
  };
  const stageTwo = (recipe: Loose): void => {
    recipe['cascade'] = { recipe: 'lowres.json', image: 'lowres' };
    recipe.preprocessing[4]!['labels'] = ['lowres'];
    recipe.preprocessing.push({ step: 'one-hot', image: 'lowres', labels: [1, 2] });
    recipe['tensor'] = { channels: ['ct', 'pet', 'lowres-1', 'lowres-2'], axes: ['z', 'y', 'x'] };
  };
  const two = (change: (recipe: Loose) => void): string =>
    nnunet((recipe) => {
      stageTwo(recipe);
      change(recipe);
    });

  it('is taken, with masks and labels that steps make among the images', () => {
    expect(parseRecipe(nnunet(), SEGMENTATION).invert.logits).toEqual({
      ...{ order: 1, orderZ: 0, separateZ: 'auto' },
    });
    expect(
      parseRecipe(
        two(() => undefined),
        SEGMENTATION,
      ).cascade!.image,
    ).toBe('lowres');
  });

  it.each<[string, (recipe: Loose) => void, string]>([
    [
      'logits that have no step to go back over',
      (r) => void r.preprocessing.splice(4, 1),
      'invert.logits needs a step "resample-to-spacing" to go back over, there is none',
    ],
    [
      'a crop after it',
      (r) => void r.preprocessing.push({ step: 'crop-region', start: [0, 0, 0], size: [9, 9, 9] }),
      'invert.logits goes back over preprocessing[4] (resample-to-spacing), but preprocessing[5] ' +
        '(crop-region) changes the grid after it',
    ],
    [
      'logits that go back with the faults of the template',
      (r) => void ((r['invert'] as Fields)['mode'] = 'template-2025'),
      'invert.logits needs the mode "exact", not "template-2025"',
    ],
    [
      'a mask before the step that makes it',
      (r) => void r.preprocessing.unshift({ step: 'z-score', image: 'pet', mask: 'nonzero' }),
      'preprocessing[0] (z-score).mask is "nonzero", expected one of ct, pet',
    ],
    [
      'labels of a stage that the recipe has not',
      (r) => void (r.preprocessing[4]!['labels'] = ['lowres']),
      'preprocessing[4] (resample-to-spacing).labels[0] is "lowres", expected one of ct, pet, nonzero',
    ],
    ...['ct', 'pet'].map((mask): [string, (r: Loose) => void, string] => [
      `a mask in the place of the image ${mask}`,
      (r) => {
        r.preprocessing[1]!['mask'] = mask;
        r.preprocessing[3]!['mask'] = mask;
      },
      `preprocessing[1] (crop-nonzero).mask is "${mask}", an image that is there already`,
    ]),
    [
      'a range of CT values that runs backwards',
      (r) => void Object.assign(r.preprocessing[2]!, { lower: 1043, upper: -901 }),
      'preprocessing[2] (ct-normalization).lower is 1043, above its upper, -901',
    ],
    ['no region', (r) => void (r['regions'] = []), 'regions must NOT have fewer than 1 items'],
  ])('is refused with %s', (_, change, words) => {
    expect(() => parseRecipe(nnunet(change), SEGMENTATION)).toThrow(words);
  });

  it.each<[string, (recipe: Loose) => void, string]>([
    [
      'a label map that nothing uses',
      (r) => {
        r.preprocessing.pop();
        delete r.preprocessing[4]!['labels'];
        r['tensor'] = { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] };
      },
      'cascade.image is "lowres", but no step and no channel uses it',
    ],
    [
      'a label map under the name of an image',
      (r) => void (r['cascade'] = { recipe: 'lowres.json', image: 'pet' }),
      'cascade.image is "pet", which every case has',
    ],
    [
      'a label map under the name of a mask',
      (r) => {
        r['cascade'] = { recipe: 'lowres.json', image: 'nonzero' };
      },
      'preprocessing[1] (crop-nonzero).mask is "nonzero", an image that is there already',
    ],
    [
      'labels that would be blended',
      (r) => void delete r.preprocessing[4]!['labels'],
      'preprocessing[4] (resample-to-spacing) would blend the labels of "lowres", expected "labels"',
    ],
    [
      'the labels themselves after one-hot',
      (r) => void (r['tensor'] = { channels: ['ct', 'lowres'], axes: ['z', 'y', 'x'] }),
      'tensor.channels[1] is "lowres", expected one of ct, pet, nonzero, lowres-1, lowres-2',
    ],
  ])('is refused as a second stage with %s', (_, change, words) => {
    expect(() => parseRecipe(two(change), SEGMENTATION)).toThrow(words);
  });

  it('says what the first stage of a cascade may give', () => {
    expect(
      cascadeLabels(
        parseRecipe(
          two(() => undefined),
          SEGMENTATION,
        ),
      ),
    ).toEqual([
      { name: 'lowres-1', value: 1 },
      { name: 'lowres-2', value: 2 },
    ]);
    expect(cascadeLabels(parseRecipe(nnunet(), SEGMENTATION))).toBeUndefined();
  });
});
