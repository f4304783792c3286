import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from '@jest/globals';
import { generatedDocs } from '../scripts/generated-docs.ts';
import { describeType } from './describe-type.ts';
import { recipeJsonSchema } from './recipe-kinds.ts';

const ROOT = new URL('../../../', import.meta.url);

/** The ready recipes, without their ending. */
const READY = readdirSync(new URL('libs/recipe/recipes/', ROOT)).map((name) =>
  name.replace('.json', ''),
);

describe('generated documentation', () => {
  it('is up to date: else run `nx run recipe:docs`', async () => {
    for (const [url, text] of await generatedDocs(ROOT)) {
      expect(readFileSync(url, 'utf8')).toBe(text);
    }
  });

  it.each(READY)('has a schema that takes %s and no misspelling', (name) => {
    const url = new URL(`libs/recipe/recipes/${name}.json`, ROOT);
    const recipe = JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>;
    // As an editor does: without the discriminator keyword.
    const validate = new Ajv({ strict: false }).compile(recipeJsonSchema());
    expect(validate(recipe)).toBe(true);
    expect(validate({ ...recipe, modells: [] })).toBe(false);
    expect(validate({ ...recipe, preprocessing: [{ step: 'resampel' }] })).toBe(false);
    const other = recipe['kind'] === 'prediction' ? 'segmentation' : 'prediction';
    expect(validate({ ...recipe, kind: other })).toBe(false);
  });
});

describe('describeType', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'whole number >= 1'],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'number > 0, <= 1'],
    [{ enum: ['a', 'b'] }, '`"a"` or `"b"`'],
    [{ anyOf: [{ const: 1 }, { type: 'string' }] }, '`1` or text'],
    [{ type: 'array', items: [{ type: 'number' }, { type: 'number' }] }, '2 x number'],
    [{ type: 'array', items: { enum: ['x', 'y'] } }, 'list of (`"x"` or `"y"`)'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'object of number by name'],
  ])('describes %j', (schema, words) => expect(describeType(schema)).toBe(words));
});
