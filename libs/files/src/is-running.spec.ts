import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { isRunning } from './is-running.ts';

it('knows the living from the dead, and takes no group for a process', () => {
  expect([process.pid, 1].map(isRunning)).toEqual([true, true]);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect([pid, 0, -1, Number.NaN].map(isRunning)).toEqual([false, false, false, false]);
});
