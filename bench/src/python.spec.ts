import { describe, expect, it } from '@jest/globals';
import { findPython, pythonProgram } from './python.ts';

describe('findPython', () => {
  it('says what is missing and how to get it', () => {
    const python = findPython({ BENCH_PYTHON: '/nowhere/python3' });
    expect(python).toEqual({ missing: expect.stringContaining('"/nowhere/python3"') });
    expect(python).toEqual({ missing: expect.stringContaining('bench/python/requirements.txt') });
  });

  it('takes a program that fails for a missing Python', () => {
    expect(findPython({ BENCH_PYTHON: 'false' })).toHaveProperty('missing');
  });
});

describe('pythonProgram', () => {
  it('bounds every thread pool', () => {
    const { command, args, env } = pythonProgram('py', 'task1.py', ['preprocessing'], 2);
    expect([command, ...args]).toEqual(['py', 'bench/python/task1.py', 'preprocessing']);
    expect(env).toMatchObject({
      OMP_NUM_THREADS: '2',
      MKL_NUM_THREADS: '2',
      ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS: '2',
    });
  });
});
