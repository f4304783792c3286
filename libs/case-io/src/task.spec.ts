import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { taskFile } from './fixtures/tasks.ts';
import { readTask, type Task } from './index.ts';

const folder = useFolder();

function refusal(change: (task: Task) => unknown): string {
  const task = JSON.parse(readFileSync(taskFile('task1'), 'utf8')) as Task;
  const file = folder.put('task.json', JSON.stringify(change(task)));
  try {
    readTask(file);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('readTask', () => {
  it.each([
    ['task1', 'label-map', 600],
    ['task2', 'number', 900],
    ['task3', 'boolean', 600],
  ])('takes %s', (name, kind, limit) => {
    const task = readTask(taskFile(name));
    expect(task).toMatchObject({ name, output: { kind } });
    expect(task.timeLimit).toEqual({ hecktor25: 900, 'grand-challenge': limit });
  });

  it.each<[string, (task: Task) => unknown, string]>([
    ['an unknown key', (t) => ({ ...t, ouput: t.output }), '"ouput" (did you mean "output"?)'],
    ['a missing field', (t) => ({ ...t, output: undefined }), 'lacks "output"'],
    [
      'a label of 0, and says nothing of other kinds of output',
      (t) => ({ ...t, output: { ...t.output, labels: [{ name: 'GTVp', value: 0 }] } }),
      'TASK_INVALID',
    ],
    ['a path upwards', (t) => ({ ...t, output: { ...t.output, path: '../x' } }), 'output'],
    ['an input twice', (t) => ({ ...t, inputs: [...t.inputs, t.inputs[0]] }), 'the name "ct"'],
    ['a grid of no image', (t) => ({ ...t, output: { ...t.output, grid: 'ehr' } }), 'output.grid'],
    ['no limit', (t) => ({ ...t, timeLimit: { hecktor25: 0, 'grand-challenge': 1 } }), 'timeLimit'],
  ])('refuses %s', (_, change, words) => {
    const message = refusal(change);
    expect(message).toContain('TASK_INVALID');
    expect(message).toContain(words);
  });
});
