import { expect, it } from '@jest/globals';
import { servedAnswers } from '@hecktor/testing';

it('serves patients in any order, and after failures, with the bytes of a fresh run', async () => {
  const { fresh, served, failed, ...after } = await servedAnswers('task3');
  const [a, b] = [fresh.a, fresh.b].map(([code, ...answer]) => {
    expect(code).toBe(0);
    return [201, ...answer];
  });
  expect(a).not.toEqual(b);
  expect(served).toEqual([a, b, a]);
  expect(failed.slice(0, 2)).toEqual([500, {}]);
  expect(after.afterFailure).toEqual(b);
  expect(after.afterHangUp).toEqual(a);
  const [first, second, ...more] = after.stderr.trimEnd().split('\n');
  expect(first).toMatch(/^IMAGE_\w+ .*\. Fix: .*\.$/);
  expect(second).toMatch(/^INTERRUPTED .*\. Fix: .*\.$/);
  expect(more).toEqual([]);
  expect(after.exitCode).toBe(0);
}, 300_000);
