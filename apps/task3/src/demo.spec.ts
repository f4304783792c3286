import { expect, it } from '@jest/globals';
import { runBundledPatient } from '@hecktor/testing';

it('gives the bundled patient a class, the bundled one with the bundled weights', async () => {
  const { run, answer, expected } = await runBundledPatient('task3', 'hpv-status.json');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(typeof answer).toBe('boolean');
  expect(answer).toBe(expected ?? answer);
});
