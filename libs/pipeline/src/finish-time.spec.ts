import { expect, it } from '@jest/globals';
import { createGrid } from '@hecktor/volume';
import { createFinishTime } from './finish-time.ts';

const GRID = createGrid([100, 100, 100]);

function onClock() {
  const at = { wallMs: 0, cpuMs: 0 };
  const options = { goLogitsBack: false, threads: 2 };
  return { at, time: createFinishTime(GRID, GRID, options, () => ({ ...at })) };
}

it('goes by voxels first, and by what it took then', () => {
  const { time } = onClock();
  expect(time.ms()).toBeCloseTo(500 + 50 + 20 + 20, 6);
  time.took(4000);
  expect(time.ms()).toBeCloseTo(1.25 * 4000 + 20, 6);
});

it('takes longer where others take the CPUs, at most ten times, and not for long', () => {
  const { at, time } = onClock();
  const pass = (wallMs: number, cpuMs: number): void => {
    at.wallMs += wallMs;
    at.cpuMs += cpuMs;
    time.onPass();
  };
  pass(0, 0);
  pass(1000, 2000);
  expect(time.ms()).toBeCloseTo(590, 6);
  for (let i = 0; i < 5; i++) pass(1000, 500);
  expect(time.ms()).toBeCloseTo(4 * 590, 6);
  for (let i = 0; i < 5; i++) pass(1000, 1);
  expect(time.ms()).toBeCloseTo(10 * 590, 6);
  for (let i = 0; i < 5; i++) pass(1000, 2000);
  expect(time.ms()).toBeCloseTo(590, 6);
});
