import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { createGrid, createVolume, type VoxelArray } from '@hecktor/volume';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkOutput } from './check-output.ts';
import { compareLabelMaps } from './compare.ts';
import { EXPECTED_OUTPUTS, type ExpectedOutput } from './outputs.ts';

const GRID = createGrid([3, 2, 2], { spacing: [1, 1, 3], origin: [5, -6, 7] });
const { task1, task2, task3 } = EXPECTED_OUTPUTS as Record<string, ExpectedOutput>;
const LABELS = [0, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 2];

let folder: string;
let input: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  [input, output] = [join(folder, 'in'), join(folder, 'out')];
  await save(join(input, 'images/ct/ct.mha'), new Int16Array(12));
  await mkdir(output);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function save(file: string, data: VoxelArray, grid: object = GRID): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeVolume(file, createVolume({ ...GRID, ...grid }, data));
}
const mask = (labels: readonly number[], grid?: object) =>
  save(join(output, task1!.path), Uint8Array.from(labels), grid);
const check = (expected: ExpectedOutput | undefined = task1) =>
  checkOutput({ input, output, expected: expected! });

describe('checkOutput of a label map', () => {
  it('describes a mask on the grid of the CT', async () => {
    await mask(LABELS);
    expect(await check()).toEqual([
      'mask: uint8, 3 x 2 x 2 voxels, on the grid of the CT',
      'voxels: GTVp 2, GTVn 2',
    ]);
  });

  it('lists what there is when the mask is missing', async () => {
    await expect(check()).rejects.toThrow('was not written; found nothing');
    await writeFile(join(output, 'mask.mha'), '');
    await expect(check()).rejects.toThrow('found mask.mha');
  });

  it('refuses files nobody asked for, but for the log', async () => {
    await mask(LABELS);
    await writeFile(join(output, 'log.txt'), '');
    await check();
    await writeFile(join(output, 'cache.bin'), '');
    await expect(check()).rejects.toThrow('files nobody asked for: cache.bin');
  });

  it('refuses another label, another type and another grid', async () => {
    await mask([...LABELS.slice(1), 3]);
    await expect(check()).rejects.toThrow('labels 3 in the mask');
    await save(join(output, task1!.path), Int16Array.from(LABELS));
    await expect(check()).rejects.toThrow('voxels are int16, expected uint8');
    await mask(LABELS, { origin: [5, -6, 8] });
    await expect(check()).rejects.toMatchObject({ code: 'OUTPUT_GRID_MISMATCH' });
  });
});

describe('checkOutput of JSON', () => {
  const write = (expected: ExpectedOutput | undefined, text: string) =>
    writeFile(join(output, expected!.path), text);

  it('takes one finite number for task 2', async () => {
    await write(task2, '-0.396\n');
    expect(await check(task2)).toEqual(['output: number -0.396']);
  });

  it.each(['"0.5"', '[0.5]', 'null', '{}', 'NaN', ''])('refuses %j for task 2', async (text) => {
    await write(task2, text);
    await expect(check(task2)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });

  it('takes true or false for task 3 and nothing else', async () => {
    await write(task3, 'false');
    expect(await check(task3)).toEqual(['output: boolean false']);
    await write(task3, '0');
    await expect(check(task3)).rejects.toThrow('expected');
  });
});

describe('compareLabelMaps', () => {
  it('scores each label against each golden mask', async () => {
    await mask(LABELS);
    const golden = join(folder, 'expected');
    await save(join(golden, 'truth.mha'), Uint8Array.from([0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2]));
    expect(await compareLabelMaps(golden, output, task1!.path)).toEqual([
      'DSC with truth.mha: GTVp 0.6667',
      'DSC with truth.mha: GTVn 1.0000',
    ]);
  });

  it('has nothing to say without golden masks', async () => {
    expect(await compareLabelMaps(join(folder, 'none'), output, task1!.path)).toEqual([]);
  });
});
