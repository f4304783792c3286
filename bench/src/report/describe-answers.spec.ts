import { describe, expect, it } from '@jest/globals';
import { describeAnswers } from './describe-answers.ts';

describe('describeAnswers', () => {
  it('tells the relative difference of risks', () => {
    expect(describeAnswers(-0.5, -0.50005)).toBe(
      'Risks: ours -0.50000000, Python -0.50005000; relative difference 1.0e-4.',
    );
    expect(describeAnswers(1, 1)).toContain('relative difference 0.0e+0');
  });

  it('tells whether classes are equal', () => {
    expect(describeAnswers(true, true)).toBe('Both sides answer true.');
    expect(describeAnswers(true, false)).toBe('The answers differ: ours true, Python false.');
  });
});
