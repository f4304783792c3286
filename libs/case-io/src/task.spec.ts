import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { taskFile } from './fixtures/tasks.ts';
import { readTask, type Task } from './index.ts';

const folder = useFolder();

const STAGE = { name: 't-stage', kind: 'class', path: 't-stage.json', classes: ['T1', 'T2'] };
const mask = (task: Task) => task.outputs[0]!;

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
    expect(task).toMatchObject({ name, outputs: [{ kind }] });
    expect(task.timeLimit).toEqual({ hecktor25: 900, 'grand-challenge': limit });
  });

  it.each<[string, (task: Task) => unknown, string]>([
    [
      'the one output of older versions',
      ({ outputs: [output], ...t }) => ({ ...t, output }),
      'unknown key "output" (did you mean "outputs"?)',
    ],
    ['no output', (t) => ({ ...t, outputs: [] }), 'outputs'],
    [
      'a label of 0, and says nothing of other kinds of output',
      (t) => ({ ...t, outputs: [{ ...mask(t), labels: [{ name: 'GTVp', value: 0 }] }] }),
      'outputs[0].labels[0].value',
    ],
    ['a path upwards', (t) => ({ ...t, outputs: [{ ...mask(t), path: '../x' }] }), 'outputs[0]'],
    ['a class of its own', (t) => ({ ...t, outputs: [{ ...STAGE, classes: ['T1'] }] }), 'classes'],
    ['an output twice', (t) => ({ ...t, outputs: [STAGE, STAGE] }), 'name or path "t-stage"'],
    [
      'two outputs in one file',
      (t) => ({ ...t, outputs: [STAGE, { ...STAGE, name: 'n-stage' }] }),
      'name or path "t-stage.json"',
    ],
    [
      'two label maps',
      (t) => ({ ...t, outputs: [mask(t), { ...mask(t), name: 'b', path: 'b.mha' }] }),
      'two outputs are label maps',
    ],
    ['a segmentation of classes', (t) => ({ ...t, outputs: [STAGE] }), 'a segmentation has one'],
    ['an input twice', (t) => ({ ...t, inputs: [...t.inputs, t.inputs[0]] }), 'the name "ct"'],
    ['a grid of no image', (t) => ({ ...t, outputs: [{ ...mask(t), grid: 'ehr' }] }), 'no image'],
    ['no limit', (t) => ({ ...t, timeLimit: { hecktor25: 0, 'grand-challenge': 1 } }), 'timeLimit'],
  ])('refuses %s', (_, change, words) => {
    const message = refusal(change);
    expect(message).toContain('TASK_INVALID');
    expect(message).toContain(words);
  });
});
