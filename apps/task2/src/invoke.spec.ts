import { expect, it } from '@jest/globals';
import { servedAnswers } from '@hecktor/testing';

it('serves patients in any order, and after failures, with the bytes of a fresh run', async () => {
  const { fresh, before, failed, after, ...end } = await servedAnswers('task2');
  const [a, b] = [fresh.a, fresh.b].map(([code, ...answer]) => {
    expect(code).toBe(0);
    return [201, ...answer];
  });
  expect(a).not.toEqual(b);
  expect(before).toEqual([a, b]);
  expect(failed.slice(0, 2)).toEqual([500, {}]);
  expect(after).toEqual([b, a]);
  const [first, second, ...more] = end.stderr.trimEnd().split('\n');
  expect(first).toMatch(/^IMAGE_\w+ .*\. Fix: .*\.$/);
  expect(second).toMatch(/^INTERRUPTED .*\. Fix: .*\.$/);
  expect(more).toEqual([]);
  expect(end.exitCode).toBe(0);
}, 300_000);
