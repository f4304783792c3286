import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDigests, recipeDigest } from '../build/labels.ts';
import { assertSameResources, type SameResourcesOptions } from './verdict.ts';

let resources: string;
let labels: Record<string, string>;
beforeEach(async () => {
  resources = await mkdtemp(join(tmpdir(), 'same-resources-'));
  await writeFile(join(resources, 'pipeline.json'), '{}');
  await writeFile(join(resources, 'a.onnx'), 'a');
  labels = {
    'hecktor.recipe': await recipeDigest(resources),
    'hecktor.models': await modelDigests(resources),
  };
});
afterEach(() => rm(resources, { recursive: true, force: true }));

const check = (options: Partial<SameResourcesOptions> = {}, on = labels) =>
  assertSameResources({ labels: on }, { resources, weights: 'inside', force: false, ...options });

describe('assertSameResources', () => {
  it('takes what was not changed, and other files as they like', async () => {
    await writeFile(join(resources, 'MODEL_CARD.md'), 'new');
    await check();
    await check({ weights: 'separate' });
  });

  it.each([
    ['a new recipe', 'pipeline.json', /^the recipe in/],
    ['a new model', 'a.onnx', /^the weights in/],
    ['a further model', 'b.onnx', /^the weights in/],
  ])('refuses %s, unless forced', async (_name, file, detail) => {
    await writeFile(join(resources, file), 'changed');
    await expect(check()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      detail: expect.stringMatching(detail),
    });
    const notes: string[] = [];
    await check({ force: true, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringMatching(/^warning: the/)]);
    // Image and weights would not fit each other.
    await expect(check({ force: true, weights: 'separate' })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
    });
  });

  it('refuses when the folder is gone', async () => {
    await rm(resources, { recursive: true });
    await expect(check()).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });

  it('does not judge an image that was made elsewhere', () => check({}, {}));
});
