import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readVolume } from '@hecktor/image-io';
import { agreement, expectGrid, labelDice, readGoldenJson } from '@hecktor/testing';
import { createSegmenter } from '../fixtures/segment.ts';

// Small networks trained with nnU-Net's own package, exported by tools/export, and the label maps that
// nnUNetv2_predict gives with them: tools/reference/nnunet/make_folders.py.
const GOLDEN = fileURLToPath(new URL('../golden/nnunet-folders/', import.meta.url));

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly about: string;
  readonly ending: string;
  /** Of labels 1 and 2 in nnU-Net's label map. */
  readonly voxels: readonly [number, number];
}

const { cases } = readGoldenJson<{ readonly cases: readonly Case[] }>(join(GOLDEN, 'facts.json'));

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

/** A copy of an exported folder, both stages of a cascade, with the arithmetic asked for. */
function copyFolder(name: string, arithmetic: string): string {
  const copy = join(segmenter.base, `${name}-${arithmetic}`);
  cpSync(join(GOLDEN, 'folders', name), copy, { recursive: true });
  for (const file of readdirSync(copy).filter((entry) => /^(pipeline|lowres)\.json$/.test(entry))) {
    const recipe = JSON.parse(readFileSync(join(copy, file), 'utf8')) as { inference: object };
    const inference = { ...recipe.inference, arithmetic };
    writeFileSync(join(copy, file), JSON.stringify({ ...recipe, inference }));
  }
  return copy;
}

describe.each([
  ['float16', 0.9999, 0.999],
  ['float32', 0.999, 0.99],
])("with sums in %s, ours against nnU-Net's own prediction", (arithmetic, wanted, dice) => {
  // With random weights ties within float16's precision are everywhere: only rounding as it does agrees.
  const compared = arithmetic === 'float16' ? cases : cases.filter(({ name }) => name !== 'seeded');
  it.each(compared)('$name: $about', async ({ name, folder, ending, voxels }) => {
    const image = (kind: string) => join(GOLDEN, 'cases', name, `${kind}${ending}`);
    const resources = copyFolder(folder, arithmetic);
    const { labels } = await segmenter.run({ ct: image('ct'), pet: image('pet') }, resources);
    const theirs = await readVolume(join(GOLDEN, 'cases', name, 'mask.mha'));
    expectGrid(labels, theirs);
    const expected = theirs.data as Uint8Array;
    expect(agreement(labels.data, expected)).toBeGreaterThanOrEqual(wanted);
    for (const label of [1, 2] as const) {
      expect(expected.reduce((sum, value) => sum + (value === label ? 1 : 0), 0)).toBe(
        voxels[label - 1],
      );
      // Without a voxel of the label in either there is no Dice; above, their numbers are compared.
      if (voxels[label - 1]! > 0) {
        expect(labelDice(labels.data, expected, label)).toBeGreaterThan(dice);
      }
    }
  });
});

it('has a lesion in every case, of either label in all but one', () => {
  expect(cases.every(({ voxels }) => Math.max(...voxels) > 0)).toBe(true);
  expect(cases.filter(({ voxels }) => Math.min(...voxels) > 0)).toHaveLength(cases.length - 1);
});
