import { describe, expect, it } from '@jest/globals';
import { createProgress, duration } from './progress.ts';

const error = { code: 'INTERNAL', message: 'it broke' };

function watch(isTTY: boolean, cases: readonly { error?: typeof error; fresh?: boolean }[]) {
  let [text, time] = ['', 0];
  const write = (part: string): boolean => ((text += part), true);
  const progress = createProgress({ isTTY, write, columns: 100 }, () => time);
  progress.begin(cases.length, 100 * cases.length);
  for (const [i, { error, fresh = true }] of cases.entries()) {
    time += 4000;
    progress.add({ id: `P-${i}`, fresh, ...(error && { error }) }, 100);
  }
  progress.end();
  return text;
}

describe('createProgress', () => {
  it('writes a line every ten seconds and at the end, and each failure at once', () => {
    expect(watch(false, [{}, { error }, {}, {}])).toBe(
      'P-1 failed: it broke\n3 of 4 cases, 1 failed, about 4 s left\n4 of 4 cases, 1 failed\n',
    );
  });

  it('reckons with those that really ran', () => {
    const known = Array<object>(7).fill({ fresh: false });
    expect(watch(false, [...known, {}, {}, {}])).toMatch(
      /9 of 10 cases, about 18 s left\n10 of 10/,
    );
  });

  it('draws a bar on a terminal', () => {
    const text = watch(true, [{}, { error }, {}]);
    expect(text).toContain(
      `\r\x1b[K[${'='.repeat(10)}${' '.repeat(20)}] 1 of 3 cases, about 8 s left\r`,
    );
    expect(text).toContain('\r\x1b[KP-1 failed: it broke\n');
    expect(text.endsWith('\r\x1b[K')).toBe(true);
  });
});

it.each([
  [0.4, '0 s'],
  [89, '89 s'],
  [100, '2 min'],
  [12_000, '3 h 20 min'],
])('says %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
