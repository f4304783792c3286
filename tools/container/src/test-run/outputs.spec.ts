import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taskAt } from '../task.ts';
import { EXPECTED_OUTPUTS, expectedOutput } from './outputs.ts';

const workspace = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(workspace, { recursive: true }));
const task = (name: string, recipe: string) => {
  const resources = join(workspace, 'apps', name, 'resources');
  mkdirSync(resources, { recursive: true });
  writeFileSync(join(resources, 'pipeline.json'), recipe);
  return taskAt(workspace, name);
};

describe('expectedOutput', () => {
  it('knows the tasks of the challenge by their names', async () => {
    expect(await expectedOutput(taskAt(workspace, 'task2'))).toEqual(EXPECTED_OUTPUTS['task2']);
  });

  it.each([
    ['{"kind": "segmentation"}', 'task1'],
    ['{"kind": "prediction","head":{"kind":"icare"}}', 'task2'],
    ['{"kind": "prediction","head":{"kind":"risk"}}', 'task2'],
    ['{"kind": "prediction","head":{"kind":"class"}}', 'task3'],
  ])('takes what %s is for', async (recipe, like) => {
    expect(await expectedOutput(task('task9', recipe))).toEqual(EXPECTED_OUTPUTS[like]);
  });

  it.each(['{"kind": "prediction"}', '{}', 'nothing'])('refuses %s', async (recipe) => {
    await expect(expectedOutput(task('task9', recipe))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      fix: expect.stringContaining('pipeline.json'),
    });
  });
});
