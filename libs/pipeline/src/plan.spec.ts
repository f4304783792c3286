import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { ballCase, labelDice } from '@hecktor/testing';
import { createSegmenter, readyRecipe, type CasePaths } from '../fixtures/segment.ts';

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
let paths: CasePaths;
const made = ballCase();
beforeAll(async () => {
  segmenter = await createSegmenter();
  paths = { ct: join(segmenter.base, 'ct.mha'), pet: join(segmenter.base, 'pet.mha') };
  await writeVolume(paths.ct, made.ct);
  await writeVolume(paths.pet, made.pet);
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

describe('HECKTOR_PLAN', () => {
  it('auto gives an answer in time where a recipe would take minutes', async () => {
    const slow = readyRecipe('corrected', ['threshold', 'threshold-high']);
    const recipe = { ...slow, inference: { ...slow.inference, overlap: 0.95 } };
    const began = Date.now();
    const { labels, plans, said, early } = await segmenter.segment(paths, recipe, {
      ...{ plan: 'auto', leftMs: 25_000 },
    });
    expect(Date.now() - began).toBeLessThan(27_000);
    expect(labelDice(labels.data, made.truth.data, 1)).toBeGreaterThan(0.8);
    const done = plans.at(-1)!;
    expect(done.windows.done).toBeLessThan(done.windows.of);
    expect(done.dropped.length).toBeGreaterThan(0);
    expect(said).toContain('warn the time did not suffice for all of the recipe');
    expect(early).toBeLessThanOrEqual(2);
  }, 120_000);

  it('says what is wrong with a network as ever', async () => {
    const broken = readyRecipe('corrected', ['threshold', 'not-a-number']);
    const run = segmenter.segment(paths, broken, { plan: 'auto' });
    await expect(run).rejects.toThrow('MODEL_OUTPUT_INVALID');
  });

  it('leaves out windows of air where the recipe says so', async () => {
    const recipe = readyRecipe('corrected', ['threshold'], [120, 120, 130]);
    const skipOutside = { channel: 'ct', above: 0.2 };
    const inference = { ...recipe.inference, roi: [16, 16, 16] as [number, number, number] };
    const plain = await segmenter.segment(paths, { ...recipe, inference });
    const skipped = await segmenter.segment(paths, {
      ...recipe,
      inference: { ...inference, skipOutside },
    });
    expect(skipped.windows).toBeLessThan(plain.windows);
    expect(labelDice(skipped.labels.data, plain.labels.data, 1)).toBeGreaterThan(0.99);
  }, 120_000);
});
