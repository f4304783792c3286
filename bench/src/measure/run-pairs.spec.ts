import { describe, expect, it } from '@jest/globals';
import { markOf, stageSeconds, timeOf } from './run-pairs.ts';
import type { Measurement } from './measure-process.ts';

const RUN: Measurement = {
  wall: 5,
  cpu: 8,
  peak: 1,
  lines: [
    { at: 0.5, line: { msg: 'starting' } },
    { at: 4.5, line: { mark: 'done', seconds: { reading: 1, preprocessing: 2.5 } } },
  ],
};

describe('marks', () => {
  it('come from drivers and from logs', () => {
    expect([{ mark: 'a' }, { msg: 'b' }, { mark: 7 }, {}].map(markOf)).toEqual([
      'a',
      'b',
      undefined,
      undefined,
    ]);
  });

  it('have a time of arrival', () => {
    expect(timeOf(RUN, 'starting')).toBe(0.5);
    expect(() => timeOf(RUN, 'recipe loaded')).toThrow('without the line "recipe loaded"');
  });

  it('tell stages, alone and summed', () => {
    expect(stageSeconds(RUN, 'reading')).toBe(1);
    expect(stageSeconds(RUN, 'reading', 'preprocessing')).toBe(3.5);
    expect(() => stageSeconds(RUN, 'inference')).toThrow('"inference"');
  });
});
