import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import type { CohortCase } from '@hecktor/cohort';
import { useFolder } from '@hecktor/testing';
import { createGrid, createVolume, type Grid, type VoxelArray } from '@hecktor/volume';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { segmentationScorer } from './score-segmentation.ts';

const folder = useFolder();

const LABELS = [
  { name: 'GTVp', value: 1 },
  { name: 'GTVn', value: 2 },
];
const TASK = {
  name: 'task1',
  output: { name: 'x', kind: 'label-map', path: 'x.mha', grid: 'ct', labels: LABELS },
} as const;
const scorer = segmentationScorer(TASK, CONVENTIONS);
let [truth, answer] = ['', ''];
let one = { id: 'P-1', row: {}, images: {}, labels: '' };
beforeAll(() => {
  [truth, answer] = [folder.at('truth.mha'), folder.at('answer.mha')];
  one = { ...one, labels: truth };
});
const ORIGIN = 123.456;

async function judge(patient: CohortCase) {
  return scorer.compare(await scorer.truth(patient), { file: answer });
}

async function compare(
  labels: VoxelArray,
  { of = Uint8Array.of(0, 1, 2, 2), grid = {} }: { of?: VoxelArray; grid?: Partial<Grid> } = {},
) {
  const base = { origin: [ORIGIN, -7, 30] } as const;
  await writeVolume(truth, createVolume(createGrid([4, 1, 1], { ...base, ...grid }), labels));
  await writeVolume(answer, createVolume(createGrid([4, 1, 1], base), of));
  return judge(one);
}

describe('a label map', () => {
  it('counts the voxels of each label', async () => {
    const { labels, warnings } = await compare(Uint8Array.of(1, 1, 2, 0));
    const volumes = Object.values(labels!).map((each) => [
      each.truthVolume,
      each.predictedVolume,
      each.intersectionVolume,
    ]);
    expect(volumes).toEqual([
      [2, 1, 1],
      [1, 2, 1],
    ]);
    expect(warnings).toEqual([]);
  });

  it('may have positions that were rounded to float32', async () => {
    const origin = [Math.fround(ORIGIN), -7, 30] as const;
    expect(origin[0]).not.toBe(ORIGIN);
    for (const grid of [{ origin }, { spacing: [1.0009, 1, 1] as const }]) {
      expect((await compare(Uint8Array.of(0, 1, 2, 2), { grid })).labels!['GTVn']!.dsc).toBe(1);
    }
  });

  it('may hold floats that are whole but for rounding', async () => {
    const { labels } = await compare(Float32Array.of(0.0004, 0.9999, 2.0005, 1.9995));
    expect(Object.values(labels!).map(({ dsc }) => dsc)).toEqual([1, 1]);
  });

  it.each([
    ['probabilities', Float32Array.of(0, 0.4, 0.9, 1), 2],
    ['NaN', Float32Array.of(0, NaN, 1, 2), 1],
    ['an infinity', Float64Array.of(0, 1, 2, Infinity), 1],
  ])('is refused for %s, with their number', async (_, labels, count) => {
    await expect(compare(labels)).rejects.toMatchObject({
      code: 'COHORT_INVALID',
      file: truth,
      detail: `${count} of 4 values are not whole numbers`,
    });
    await expect(compare(Uint8Array.of(0, 1, 2, 2), { of: labels })).rejects.toMatchObject({
      code: 'OUTPUT_LABELS_INVALID',
      file: answer,
    });
  });

  it('never takes a value that is no label for one', async () => {
    const { labels, warnings } = await compare(Int16Array.of(257, 258, -255, 255));
    expect(Object.values(labels!).map((each) => each.truthVolume)).toEqual([0, 0]);
    expect(warnings).toEqual([
      'P-1: the label map holds 257 (1 voxels), 258 (1 voxels), -255 (1 voxels), ' +
        '255 (1 voxels): no labels of task1, counted as background',
    ]);
    const odd = await compare(Uint8Array.of(0, 1, 2, 2), { of: Uint8Array.of(3, 3, 2, 2) });
    expect(odd.warnings!.join()).toContain('the answer holds 3 (2 voxels)');
  });

  it.each([
    ['origin', { origin: [ORIGIN + 0.01, -7, 30] }],
    ['direction', { direction: Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1) }],
    ['spacing', { spacing: [1, 1, 3] }],
  ] as const)('on another grid is refused with both files and grids: %s', async (field, grid) => {
    const error = { code: 'OUTPUT_GRID_MISMATCH', file: answer };
    const call = compare(Uint8Array.of(0, 1, 2, 2), { grid });
    await expect(call).rejects.toMatchObject(error);
    await expect(call).rejects.toThrow(truth);
    await expect(call).rejects.toThrow(`origin [${ORIGIN}, -7, 30]`);
    const value = Array.from<number>(Object.values(grid)[0]!).join(', ');
    await expect(call).rejects.toThrow(`${field} [${value}]`);
    await expect(call).rejects.not.toThrow('a fault in this software');
  });

  it('of another kind is refused by name: missing, damaged, two volumes in one', async () => {
    await writeVolume(answer, createVolume(createGrid([4, 1, 1]), new Uint8Array(4)));
    const without = { id: 'P-1', row: {}, images: {} };
    await expect(judge(without)).rejects.toThrow('P-1 has no label map');
    writeFileSync(truth, 'no image');
    await expect(judge(one)).rejects.toMatchObject({ file: truth });
    const head = 'ObjectType = Image\nNDims = 4\nDimSize = 2 1 1 2\nElementType = MET_UCHAR\n';
    writeFileSync(truth, `${head}ElementSpacing = 1 1 1 1\nElementDataFile = LOCAL\n\0\0\0\0`);
    await expect(judge(one)).rejects.toMatchObject({ file: truth });
  });
});
