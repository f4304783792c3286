import { readFileSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import { concordanceIndex, type SurvivalCase } from '@hecktor/metrics';
import type { CohortCase } from './read-cohort.ts';
import { describeScore, scoreWithInterval, type Score, type Scored } from './score.ts';

/**
 * The outcome of a patient: `RFS` in days and `Relapse` 0 or 1.
 *
 * @throws HecktorError COHORT_INVALID for anything else.
 */
export function outcomeOf(one: CohortCase, table: string): { time: number; event: boolean } {
  const [days, relapse] = [Number(one.row['RFS']), Number(one.row['Relapse'])];
  if (Number.isFinite(days) && days >= 0 && (relapse === 0 || relapse === 1)) {
    return { time: days, event: relapse === 1 };
  }
  throw new HecktorError('COHORT_INVALID', {
    file: table,
    detail: `patient ${one.id}: expected RFS in days and Relapse 0 or 1`,
  });
}

/**
 * Refuses outcomes of which no two can be compared, before hours of cases are run for nothing.
 *
 * @throws HecktorError COHORT_INVALID
 */
export function assertComparable(
  outcomes: readonly { readonly time: number; readonly event: boolean }[],
  table: string,
): void {
  const last = outcomes.reduce((most, { time }) => Math.max(most, time), -Infinity);
  const censored = new Set(outcomes.filter(({ event }) => !event).map(({ time }) => time));
  if (outcomes.some(({ time, event }) => event && (time < last || censored.has(time)))) return;
  throw new HecktorError('COHORT_INVALID', {
    file: table,
    detail: `no two patients can be compared, of ${outcomes.length}`,
    cause: 'too few patients, or none with an event before the others were censored',
    fix: 'score a larger set, or raise --limit',
  });
}

/** Reads rfs.json: one finite number. */
export function readRisk(path: string): number {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error('rfs.json holds no finite number');
}

/**
 * C-index of risks. Pairs that cannot be compared at all are an error, since no number would mean
 * anything.
 */
export function scoreSurvival(
  patients: readonly (SurvivalCase & { readonly id: string })[],
): Scored {
  const score = scoreWithInterval('C-index', patients, concordanceIndex);
  return {
    scores: [score],
    facts: { recurrences: patients.filter(({ event }) => event).length },
    patients: patients.map((patient) => ({ ...patient })),
    warnings: directionWarnings(score),
  };
}

/** Says when the risk orders patients worse than chance, or not better. */
function directionWarnings(score: Score): string[] {
  const { value, interval } = score;
  const told = `C-index ${describeScore(score)}`;
  if (value < 0.5 && interval.high < 0.5) {
    return [`the direction is inverted: ${told} is below 0.5, and so is the whole interval`];
  }
  if (value < 0.5) {
    return [
      `the direction may be inverted: ${told} is below 0.5, but the interval holds 0.5; ` +
        'score more patients to be sure',
    ];
  }
  if (interval.low <= 0.5) return [`not better than chance for sure: ${told} holds 0.5`];
  return [];
}
