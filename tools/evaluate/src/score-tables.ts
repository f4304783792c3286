import { readFileSync } from 'node:fs';
import { inFile } from '@hecktor/case-io';
import { isMissing, loggedProbability } from '@hecktor/cohort';
import type { Answer, CohortCase, SurvivalScore } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import type { CaseScorer } from './score-cases.ts';
import type { ScoredTask } from './tasks.ts';

type Outcome = Omit<SurvivalScore, 'risk'>;

/**
 * Scores risks by outcomes: the event, 0 or 1 (`Relapse`), and the time in days (`RFS`).
 *
 * @throws HecktorError COHORT_INVALID for outcomes of which no two can be compared.
 */
export function survivalScorer(
  { evaluation, output }: ScoredTask,
  cases: readonly CohortCase[],
  table: string,
): CaseScorer<Outcome> {
  const [event = '', time = ''] = evaluation.columns;
  const expected = `${time} in days and ${event} 0 or 1`;
  const truth = truthOf(table, expected, (row): Outcome | undefined => {
    const [days, relapse] = [Number(row[time]), Number(row[event])];
    const isOutcome = Number.isFinite(days) && days >= 0 && (relapse === 0 || relapse === 1);
    return isOutcome ? { time: days, event: relapse === 1 } : undefined;
  });
  assertComparable(cases.map(truth), table);
  return {
    truth,
    compare: (outcome, answer) => ({
      survival: { ...outcome, risk: riskOf(answer, output) },
    }),
    missing: (outcome) => ({ survival: { ...outcome, risk: Number.NaN } }),
  };
}

/**
 * Scores yes or no: 0 or 1 in a column such as `HPV Status`.
 *
 * @throws HecktorError COHORT_INVALID
 */
export function classScorer(
  { evaluation, output }: ScoredTask,
  cases: readonly CohortCase[],
  table: string,
): CaseScorer<boolean> {
  const [column = ''] = evaluation.columns;
  const truth = truthOf(table, `${column} 0 or 1`, (row) => booleanOf(row[column] ?? ''));
  cases.forEach(truth);
  return {
    truth,
    compare: (truth, answer) => {
      const value = valueOf(answer, output.path);
      const prediction = typeof value === 'string' ? booleanOf(value) : value;
      if (typeof prediction !== 'boolean') throw notA('boolean', answer, output.path);
      return { classification: { truth, prediction, probability: probabilityOf(answer) } };
    },
    missing: (truth) => ({
      classification: { truth, prediction: undefined, probability: Number.NaN },
    }),
  };
}

/**
 * Scores one of several classes, which the column names as task.json does.
 *
 * @throws HecktorError COHORT_INVALID
 */
export function namedClassScorer(
  { evaluation, output }: ScoredTask,
  cases: readonly CohortCase[],
  table: string,
): CaseScorer<string> {
  const names = output.kind === 'class' ? output.classes.map(String) : [];
  const [column = ''] = evaluation.columns;
  const truth = truthOf(table, `${column} to be one of ${names.join(', ')}`, (row) =>
    names.find((name) => name === row[column]),
  );
  cases.forEach(truth);
  return {
    truth,
    compare: (truth, answer) => {
      const prediction = String(valueOf(answer, output.path));
      if (!names.includes(prediction))
        throw notA(`class of ${names.join(', ')}`, answer, output.path);
      return { namedClass: { truth, prediction } };
    },
    missing: (truth) => ({ namedClass: { truth, prediction: undefined } }),
  };
}

/** What the row of a patient says, which must be what is expected. Throws COHORT_INVALID. */
function truthOf<T>(
  table: string,
  expected: string,
  read: (row: CohortCase['row']) => T | undefined,
): (one: CohortCase) => T {
  return ({ id, row }) => {
    const value = read(row);
    if (value !== undefined) return value;
    const detail = `patient ${id}: expected ${expected}`;
    throw new HecktorError('COHORT_INVALID', { file: table, detail });
  };
}

/** Higher = earlier, whatever the file has. */
function riskOf(answer: Answer, output: ScoredTask['output']): number {
  const number = numberOf(answer, output.path);
  return output.kind === 'number' ? Number(inFile(output, number)) : number;
}

/** What a JSON file holds, or the text of a table's field. */
function valueOf(answer: Answer, path: string): unknown {
  if (!('file' in answer)) return answer.value;
  try {
    return JSON.parse(readFileSync(answer.file, 'utf8'));
  } catch {
    throw notA('JSON', answer, path);
  }
}

function booleanOf(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (['1', '1.0', 'true'].includes(word)) return true;
  if (['0', '0.0', 'false'].includes(word)) return false;
  return undefined;
}

function numberOf(answer: Answer, path: string): number {
  const value = valueOf(answer, path);
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw notA('finite number', answer, path);
}

function probabilityOf(answer: Answer): number {
  if ('file' in answer) return loggedProbability(answer.log);
  const { probability } = answer;
  if (isMissing(probability)) return Number.NaN;
  const number = Number(probability);
  if (number >= 0 && number <= 1) return number;
  throw new HecktorError('OUTPUT_TYPE_INVALID', {
    detail: `'${probability}' is no probability from 0 to 1`,
  });
}

function notA(what: string, answer: Answer, path: string): HecktorError {
  return new HecktorError('OUTPUT_TYPE_INVALID', {
    detail: 'file' in answer ? `${path} holds no ${what}` : `'${answer.value}' is no ${what}`,
  });
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
