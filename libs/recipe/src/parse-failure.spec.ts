import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { checkPrediction } from './check-prediction.ts';
import { parseRecipe, SEGMENTATION } from './index.ts';
import type { PredictionRecipe } from './prediction-schema.ts';

/** The recipe `corrected` with some fields added. */
const parse = (fields: object) => {
  const text = readFileSync(new URL('../recipes/corrected.json', import.meta.url), 'utf8');
  return parseRecipe(JSON.stringify({ ...(JSON.parse(text) as object), ...fields }), SEGMENTATION);
};
const empty = { mask: 'empty' };

it('takes what comes of findings and failures, and fills in the defaults', () => {
  const fields = { intake: { head: 'error' }, onFailure: 'fallback', fallback: empty };
  expect(parse(fields)).toMatchObject({ ...fields, intake: { head: 'error', alignment: 'warn' } });
  expect(parse({})).toMatchObject({ onFailure: 'error' });
});

it.each<[string, object, string]>([
  ['a misspelt check', { intake: { petUnit: 'warn' } }, '"petUnit" (did you mean "petUnits"?)'],
  ['a check that does neither', { intake: { head: 'stop' } }, 'intake.head'],
  ['no answer', { onFailure: 'fallback' }, 'no "fallback" that says the answer'],
  ['an answer that is never used', { fallback: empty }, 'onFailure is not "fallback"'],
  ['a value for a mask', { onFailure: 'fallback', fallback: { value: 1 } }, 'mask'],
  ['an unknown mask', { onFailure: 'fallback', fallback: { mask: 'emty' } }, 'fallback.mask'],
])('refuses %s', (_, fields, words) => {
  expect(() => parse(fields)).toThrow(words);
});

it.each<[string, boolean | number, string[]]>([
  ['risk', true, ['fallback.value is true, expected a risk, a number']],
  ['class', 1, ['fallback.value is 1, expected true or false']],
  ['risk', 0.5, []],
  ['class', false, []],
])('judges the fallback of the head %s: %s', (kind, value, faults) => {
  const golden = new URL(`../../pipeline/golden/prediction/${kind}.json`, import.meta.url);
  const recipe = JSON.parse(readFileSync(golden, 'utf8')) as PredictionRecipe;
  const whole = { ...recipe, onFailure: 'fallback', fallback: { value } } as const;
  expect(checkPrediction(whole)).toEqual(faults);
});
