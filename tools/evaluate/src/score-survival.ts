import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { concordanceIndex, type SurvivalCase } from '@hecktor/metrics';
import type { CohortCase } from './cohort.ts';
import {
  describeScore,
  scoreWithInterval,
  type Evaluation,
  type Score,
  type Scored,
} from './report.ts';

/**
 * The outcome of a patient.
 *
 * @param columns The event, 0 or 1 (`Relapse`), and the time in days (`RFS`).
 * @throws HecktorError COHORT_INVALID for anything else.
 */
export function outcomeOf(
  one: CohortCase,
  table: string,
  columns: readonly string[],
): { time: number; event: boolean } {
  const [event = '', time = ''] = columns;
  const [days, relapse] = [Number(one.row[time]), Number(one.row[event])];
  if (Number.isFinite(days) && days >= 0 && (relapse === 0 || relapse === 1)) {
    return { time: days, event: relapse === 1 };
  }
  throw new HecktorError('COHORT_INVALID', {
    file: table,
    detail: `patient ${one.id}: expected ${time} in days and ${event} 0 or 1`,
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
    warnings: directionWarnings(score, patients),
  };
}

/** Says when the risk orders patients worse than chance, or not better. */
function directionWarnings(score: Score, patients: readonly SurvivalCase[]): string[] {
  if (patients.every(({ risk }) => risk === patients[0]!.risk)) {
    return [`every answer is the same, of ${patients.length} patients: the C-index says nothing`];
  }
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

/**
 * Refuses a risk that orders patients the wrong way round.
 *
 * @param resources Folder of the recipe; what to do about it depends on the recipe's head.
 * @throws HecktorError DIRECTION_INVERTED when the C-index is below 0.5.
 */
export function assertDirection(evaluation: Evaluation, resources: string): void {
  const score = evaluation.scored?.scores.find(({ name }) => name === 'C-index');
  if (score === undefined || score.value >= 0.5) return;
  const file = join(resources, 'pipeline.json');
  const sure = score.interval.high < 0.5 ? '' : ', but the interval holds 0.5: not sure yet';
  throw new HecktorError('DIRECTION_INVERTED', {
    file,
    detail: `C-index ${describeScore(score)} is below 0.5${sure}`,
    fix: remedy(file),
  });
}

function remedy(file: string): string {
  const head = headOf(file);
  if (head.kind === 'icare') {
    return (
      'fit the survival models again on times and events as they are (higher risk = earlier ' +
      'recurrence), or turn the sign of every weight and meanPrediction in survival.json'
    );
  }
  const now = head.higherIs ?? 'earlier';
  return `set head.higherIs to "${now === 'later' ? 'earlier' : 'later'}" (it is "${now}")`;
}

function headOf(file: string): { kind?: string; higherIs?: string } {
  if (!existsSync(file)) return {};
  try {
    const recipe = JSON.parse(readFileSync(file, 'utf8')) as {
      head?: { kind?: string; higherIs?: string };
    };
    return recipe.head ?? {};
  } catch {
    // The program has already said what is wrong with the recipe.
    return {};
  }
}
