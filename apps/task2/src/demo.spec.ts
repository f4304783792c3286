import { expect, it } from '@jest/globals';
import { runBundledPatient } from '@hecktor/testing';

it('gives the bundled patient a risk, the bundled one with the bundled weights', async () => {
  const { run, answer, expected } = await runBundledPatient('task2', 'rfs.json');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(Number.isFinite(answer)).toBe(true);
  if (expected === undefined) return;
  expect(Math.abs((answer as number) - (expected as number))).toBeLessThan(1e-4);
});
