import { describe, expect, it } from '@jest/globals';
import { limitsOf } from '../test-run/profile/limits-of.ts';
import { PROFILES } from '../test-run/profile/profiles.ts';
import { looserLimits } from './looser-limits.ts';

const limits = limitsOf(PROFILES.hecktor25, 'task3');

describe('looserLimits', () => {
  it('has nothing to say of the profile’s own limits, tighter ones and older verdicts', () => {
    expect(looserLimits({ limits }, limits)).toBeUndefined();
    expect(looserLimits({ limits: { ...limits, cpus: 1 } }, limits)).toBeUndefined();
    expect(looserLimits({}, limits)).toBeUndefined();
    expect(looserLimits(undefined, limits)).toBeUndefined();
  });

  it('tells what was more', () => {
    const had = limitsOf(PROFILES.hecktor25, 'task3', { memory: '60g', timeLimit: 5000 });
    expect(looserLimits({ limits: had }, limits)).toMatch(
      /had more --memory and --timeLimit=5000 instead of 900;/,
    );
  });
});
