import { expect, it } from '@jest/globals';
import { answersByThreads } from '@hecktor/testing';

it('gives the same answer, to the last bit, with 1, 2, 3 and 4 threads', async () => {
  const answers = await answersByThreads('task3', 'hpv-status.json');
  expect(answers).toHaveLength(4);
  expect(new Set(answers).size).toBe(1);
}, 300_000);
