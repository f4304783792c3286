import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { parseRecipe, SEGMENTATION, type SegmentationRecipe } from '@hecktor/recipe';
import { agreement, expectGrid, readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { createSegmenter } from '../fixtures/segment.ts';

interface GoldenArray {
  readonly offset: number;
  readonly count: number;
}

interface GoldenCase {
  readonly name: string;
  readonly size: Vec3;
  readonly spacing: Vec3;
  readonly ct: GoldenArray;
  /** PET times 64. */
  readonly pet64: GoldenArray;
  readonly recipe: SegmentationRecipe;
  readonly first?: SegmentationRecipe;
  /** The label map of the package, and the one without rounding sums to float16. */
  readonly float16: GoldenArray;
  readonly float32: GoldenArray;
}

// Made by tools/reference/nnunet/pipeline.py with the package itself.
const GOLDEN = new URL('../golden/nnunet/', import.meta.url);
const { cases } = readGoldenJson<{ cases: GoldenCase[] }>(new URL('cases.json', GOLDEN));
const { buffer } = Uint8Array.from(readFileSync(new URL('cases.bin', GOLDEN)));
const int16 = ({ offset, count }: GoldenArray) => new Int16Array(buffer, offset, count);
const uint8 = ({ offset, count }: GoldenArray) => new Uint8Array(buffer, offset, count);

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

async function segment(
  one: GoldenCase,
  arithmetic: 'float16' | 'float32',
  plan: 'all' | 'auto' = 'all',
) {
  // The package does not look at directions, and neither may the way there and back.
  const direction = Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, -1);
  const grid = createGrid(one.size, { spacing: one.spacing, origin: [-9, 4, 20], direction });
  const paths = { ct: join(segmenter.base, 'ct.mha'), pet: join(segmenter.base, 'pet.mha') };
  await writeVolume(paths.ct, createVolume(grid, int16(one.ct)));
  const pet = Float32Array.from(int16(one.pet64), (value) => value / 64);
  await writeVolume(paths.pet, createVolume(grid, pet));
  const ready = (recipe: SegmentationRecipe, more: object = {}) => {
    const inference = { ...recipe.inference, arithmetic };
    return parseRecipe(JSON.stringify({ ...recipe, inference, ...more }), SEGMENTATION);
  };
  const models = fileURLToPath(GOLDEN);
  const cascade = { recipe: 'first.json', image: 'lowres' };
  const result = await (one.first === undefined
    ? segmenter.segment(paths, ready(one.recipe), { models, plan })
    : segmenter.segment(paths, ready(one.recipe, { cascade }), {
        ...{ models, plan },
        first: ready(one.first),
      }));
  expectGrid(result.labels, grid);
  return result;
}

describe("nnU-Net's own predictor, from the images to the label map", () => {
  it.each(cases)('$name: the same in float16', async (one) => {
    const { labels } = await segment(one, 'float16');
    expect(agreement(labels.data, uint8(one.float16))).toBeGreaterThanOrEqual(0.9999);
  });

  it.each(cases)('$name: the same in float32, where the package is made to use it', async (one) => {
    const { labels } = await segment(one, 'float32');
    expect(agreement(labels.data, uint8(one.float32))).toBeGreaterThanOrEqual(0.9999);
    const planned = await segment(one, 'float32', 'auto');
    expect(planned.labels).toEqual(labels);
    for (const plan of planned.plans) expect(plan).toMatchObject({ mode: 'auto', dropped: [] });
  });
});
