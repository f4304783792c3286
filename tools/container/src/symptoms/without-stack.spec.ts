import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { recogniseSymptom } from './recognise-symptom.ts';
import { withoutStack } from './without-stack.ts';

const { observations } = JSON.parse(
  readFileSync(new URL('../../golden/symptoms.json', import.meta.url), 'utf8'),
) as { observations: { name: string; code: string; exitCode: number; stderrTail: string[] }[] };

describe('withoutStack', () => {
  it.each(observations.filter(({ stderrTail }) => stderrTail.join('').includes('    at ')))(
    'leaves of $name what went wrong',
    ({ code, exitCode, stderrTail }) => {
      const shown = stderrTail.filter(withoutStack()).join('\n');
      expect(shown).not.toMatch(/^\s+at |^node:|\^|^Node\.js/m);
      expect(shown).toMatch(/error/i);
      const seen = {
        exitCode,
        stderrTail: shown,
        stdoutTail: '',
        timedOut: false,
        oomKilled: false,
      };
      expect(recogniseSymptom(seen)?.code).toBe(code);
    },
  );

  it('hides the line of code that threw', () => {
    const lines = ['node:fs:778', '  return binding.open(', '         ^', '', 'Error: ENOENT'];
    expect(lines.filter(withoutStack())).toEqual(['', 'Error: ENOENT']);
  });

  it('leaves everything else alone', () => {
    const lines = ['TIMEOUT the limit. Fix: less.', '{"level":"info"}', 'at the end', '/tmp/x', ''];
    expect(lines.filter(withoutStack())).toEqual(lines);
  });
});
