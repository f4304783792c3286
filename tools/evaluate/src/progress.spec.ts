import { describe, expect, it } from '@jest/globals';
import { createProgress } from './progress.ts';

function watch(isTTY: boolean, cases: readonly { failure?: string }[]): string {
  let [text, time] = ['', 0];
  const screen = { isTTY, write: (part: string) => (text += part) };
  const progress = createProgress(cases.length, screen, () => (time += 1000));
  for (const { failure } of cases) {
    const common = { id: 'P-1', seconds: 1 };
    progress.add(failure === undefined ? { ...common, answer: 1 } : { ...common, failure });
  }
  progress.end();
  return text;
}

describe('createProgress', () => {
  it('draws one line again and again on a terminal', () => {
    const text = watch(true, [{}, { failure: 'broken' }]);
    expect(text).not.toContain('\n\n');
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('\r\x1b[K1 of 2 cases, about 1 s left');
    expect(text).toContain('P-1 failed: broken\n');
    expect(text).toContain('2 of 2 cases, 1 failed');
    expect(text.endsWith('\r\x1b[K')).toBe(true);
  });
  it('writes plain lines elsewhere, one in ten cases and the last', () => {
    const text = watch(false, Array<object>(12).fill({}));
    expect(text).not.toContain('\x1b');
    expect(text.trim().split('\n')).toEqual([
      expect.stringContaining('10 of 12 cases'),
      expect.stringContaining('12 of 12 cases'),
    ]);
  });
});
