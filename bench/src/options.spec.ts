import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('measures everything three times with two threads unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      task: 'task1',
      parts: ['startup', 'image-io', 'preprocessing', 'end-to-end'],
      runs: 3,
      threads: 2,
      resources: undefined,
      checkpoint: undefined,
    });
  });

  it('takes several parts, in the order in which they run', () => {
    const { parts, runs } = parseOptions(['--what=preprocessing, startup', '--runs=5']);
    expect(parts).toEqual(['startup', 'preprocessing']);
    expect(runs).toBe(5);
  });

  it('measures the whole case of the other tasks', () => {
    const { task, parts } = parseOptions(['--task=task3']);
    expect({ task, parts }).toEqual({ task: 'task3', parts: ['end-to-end'] });
  });

  it('takes weights as a pair', () => {
    const options = parseOptions(['--resources=apps/task1/resources', '--checkpoint', 'best.pth']);
    expect(options).toMatchObject({ resources: 'apps/task1/resources', checkpoint: 'best.pth' });
  });

  it.each([
    [['--what=speed'], 'got "speed"'],
    [['--task=task2', '--what=image-io'], 'got "image-io"'],
    [['--task=task4'], 'got "task4"'],
    [['--runs=0'], 'expected --runs'],
    [['--runs=two'], 'got "two"'],
    [['--threads=1.5'], 'expected --threads'],
    [['--resources=x'], 'belong together'],
    [['--fast'], '--fast'],
    [['preprocessing'], 'preprocessing'],
  ])('refuses %j and shows the usage', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
    expect(() => parseOptions(args)).toThrow('usage: nx run bench:task1');
  });
});
