import { fileURLToPath } from 'node:url';
import { readTask } from '@hecktor/case-io';
import { writeVolume } from '@hecktor/image-io';
import { useFolder } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3, type VoxelArray } from '@hecktor/volume';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readCase, scoreLines } from './read-case.ts';

const TASK = readTask(fileURLToPath(new URL('../../../apps/task1/task.json', import.meta.url)));
const ORIGIN: Vec3 = [123.456, -7, 30];
const folder = useFolder({ each: true });
const write = (path: string, data: VoxelArray, origin = ORIGIN) =>
  writeVolume(folder.at(path), createVolume(createGrid([4, 1, 1], { origin }), data));

beforeEach(async () => {
  for (const name of ['ct', 'pet']) {
    folder.make(`images/${name}`);
    await write(`images/${name}/x.mha`, new Int16Array(4));
  }
});

describe('readCase', () => {
  const read = () =>
    readCase(TASK, {
      input: folder.path,
      mask: folder.at('mask.mha'),
      expected: folder.at('truth.mha'),
    });

  it('takes masks whose positions were rounded to float32, and scores them', async () => {
    const origin: Vec3 = [Math.fround(ORIGIN[0]), -7, 30];
    expect(origin[0]).not.toBe(ORIGIN[0]);
    await write('mask.mha', Uint8Array.of(0, 1, 2, 2), origin);
    await write('truth.mha', Float32Array.of(0.0004, 0.9999, 2, 0));
    const loaded = await read();
    expect(scoreLines(TASK, loaded)).toEqual([
      'GTVp DSC 1.000 (0.0 ml, expected 0.0 ml)',
      'GTVn DSC 0.667 (0.0 ml, expected 0.0 ml)',
    ]);
    expect(loaded.warnings).toEqual([]);
  });

  it('never takes a value that is no label for one', async () => {
    await write('mask.mha', Int16Array.of(257, 1, 2, 258));
    await write('truth.mha', Uint8Array.of(0, 1, 2, 0));
    const { mask, warnings } = await read();
    expect([...mask.data]).toEqual([0, 1, 2, 0]);
    expect(warnings).toEqual([
      `${folder.at('mask.mha')} holds 257 (1 voxels), 258 (1 voxels): no labels, drawn as background`,
    ]);
  });

  it('refuses a mask on another grid', async () => {
    await write('mask.mha', new Uint8Array(4), [ORIGIN[0] + 0.01, -7, 30]);
    await expect(read()).rejects.toMatchObject({ code: 'OUTPUT_GRID_MISMATCH' });
  });
});
