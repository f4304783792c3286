import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PREDICTION } from './load-survival.ts';
import { parseRecipe } from './parse-recipe.ts';

const RISK = new URL('../../pipeline/golden/prediction/risk.json', import.meta.url);

/** Reads a recipe with one more number. */
function parseWith(of: string, more: object = {}): unknown {
  const recipe = JSON.parse(readFileSync(RISK, 'utf8')) as { features: object[] };
  recipe.features.push({ encode: 'number', of, missing: 0, mean: 0, scale: 1 });
  return parseRecipe(JSON.stringify({ ...recipe, ...more }), PREDICTION);
}

describe('a feature under the name of its column in training', () => {
  it.each([
    ['MTV', 'mask.GTV.MTV'],
    ['MTV2.5', 'mask.GTV.MTV2.5'],
    ['contralateral', 'mask.GTVn.contralateral'],
    ['D95', 'dose.GTV.D95'],
    ['original_glcm_JointEnergy', 'radiomics.pet.GTVp.original_glcm_JointEnergy'],
  ])('refuses %s for %s', (of, meant) => {
    const message = `is "${of}", which is no field of the record (did you mean "${meant}"?)`;
    expect(() => parseWith(of)).toThrow(message);
  });

  it('names the extraction that asks for it', () => {
    const params = { featureClass: { glcm: ['JointEnergy'] } };
    const radiomics = { suv: { image: 'pet', params } };
    expect(() => parseWith('original_glcm_JointEnergy', { radiomics })).toThrow(
      'did you mean "radiomics.suv.GTVp.original_glcm_JointEnergy"?',
    );
  });

  it('takes fields that only the records of another challenge have', () => {
    expect(() => parseWith('Smoking')).not.toThrow();
  });
});
