import { describe, expect, it } from '@jest/globals';
import { limitsOf } from '../test-run/limits.ts';
import { PROFILES } from '../test-run/profile.ts';
import { weakerLimits } from './verdict.ts';
import { TASKS } from '../../testing/tasks.ts';

const limits = limitsOf(PROFILES.hecktor25, TASKS.task3);

describe('weakerLimits', () => {
  it('has nothing to say of the profile’s own limits, tighter ones and older verdicts', () => {
    expect(weakerLimits({ limits }, limits)).toBeUndefined();
    expect(weakerLimits({ limits: { ...limits, cpus: 1 } }, limits)).toBeUndefined();
    expect(weakerLimits({}, limits)).toBeUndefined();
    expect(weakerLimits(undefined, limits)).toBeUndefined();
  });

  it('tells what was more', () => {
    const had = limitsOf(PROFILES.hecktor25, TASKS.task3, { memory: '60g', timeLimit: 5000 });
    expect(weakerLimits({ limits: had }, limits)).toMatch(
      /had more --memory and --timeLimit=5000 instead of 900;/,
    );
  });
});
