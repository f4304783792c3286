import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CohortCase } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { concordanceIndex, type SurvivalCase } from '@hecktor/metrics';
import { describeScore, sameAnswerWarning, scoreWithInterval } from './report.ts';
import type { Evaluation, Score, Scorer } from './report.ts';
import { readAnswer } from './run-case.ts';
import type { ScoredTask } from './tasks.ts';

interface Outcome {
  readonly time: number;
  readonly event: boolean;
}

/** Scores risks by the outcomes of patients: the event, 0 or 1 (`Relapse`), and the time in days (`RFS`). */
export function survivalScorer(
  { evaluation }: ScoredTask,
  cases: readonly CohortCase[],
  table: string,
): Scorer<SurvivalCase & { readonly id: string }> {
  const outcome = (one: CohortCase): Outcome => outcomeOf(one, table, evaluation.columns);
  assertComparable(cases.map(outcome), table);
  return {
    read: (path, one) => ({
      id: one.id,
      ...outcome(one),
      risk: readAnswer(path, 'finite number', isFinite),
    }),
    score: (patients) => {
      const score = scoreWithInterval('C-index', patients, concordanceIndex);
      return {
        scores: [score],
        facts: { recurrences: patients.filter(({ event }) => event).length },
        patients: patients.map((patient) => ({ ...patient })),
        warnings: directionWarnings(score, patients),
      };
    },
  };
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);

/** @throws HecktorError COHORT_INVALID */
function outcomeOf(
  one: CohortCase,
  table: string,
  [event = '', time = '']: readonly string[],
): Outcome {
  const [days, relapse] = [Number(one.row[time]), Number(one.row[event])];
  if (Number.isFinite(days) && days >= 0 && (relapse === 0 || relapse === 1)) {
    return { time: days, event: relapse === 1 };
  }
  const detail = `patient ${one.id}: expected ${time} in days and ${event} 0 or 1`;
  throw new HecktorError('COHORT_INVALID', { file: table, detail });
}

/** Refuses outcomes of which no two can be compared, before hours of cases are run for nothing. */
function assertComparable(outcomes: readonly Outcome[], table: string): void {
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

/** Says when the risk orders patients worse than chance, or not better. */
function directionWarnings(score: Score, patients: readonly SurvivalCase[]): string[] {
  const risks = patients.map(({ risk }) => risk);
  const same = sameAnswerWarning(risks, ': the C-index says nothing');
  if (same.length > 0) return same;
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
  type Recipe = { head?: { kind?: string; higherIs?: string } };
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Recipe).head ?? {};
  } catch {
    // The program has already said what is wrong with the recipe.
    return {};
  }
}
