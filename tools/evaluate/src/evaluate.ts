import { isHecktorError } from '@hecktor/errors';
import type { Progress } from './progress.ts';
import { readCohort, type Cohort, type CohortCase } from './read-cohort.ts';
import type { Evaluation } from './report.ts';
import type { CaseResult, Program } from './run-case.ts';
import { runCohort } from './run-cohort.ts';
import { hpvOf, readStatus, scoreHpv } from './score-hpv.ts';
import { readOverlaps, scoreSegmentation } from './score-segmentation.ts';
import { assertComparable, outcomeOf, readRisk, scoreSurvival } from './score-survival.ts';
import type { Scored } from './score.ts';
import { TASKS, type Task } from './tasks.ts';

/** What {@link evaluate} runs on what. */
export interface EvaluateOptions {
  readonly task: Task['name'];
  readonly data: string;
  readonly program: Program;
  /** Cases at a time. */
  readonly jobs: number;
  /** Only so many patients, the first ones. */
  readonly limit?: number;
  readonly progress: (total: number) => Progress;
}

/**
 * Runs a task's program on every labelled patient, from image files to the answer's file, and
 * scores the answers. A case that fails is reported and not scored.
 *
 * @throws HecktorError COHORT_INVALID for a set that cannot be scored.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const task = TASKS[options.task];
  const cohort = readCohort(options.data, task);
  const cases = cohort.cases.slice(0, options.limit ?? cohort.cases.length);
  const { results, scored, notes } = await runAndScore(options, { ...cohort, cases }, task);
  const failures = results.filter((result) => 'failure' in result);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  return {
    task: options.task,
    data: options.data,
    cases: cases.length,
    failures: failures.map(({ id, failure }) => ({ id, failure })),
    notes: [...cohort.notes, ...notes],
    secondsPerCase: seconds / cases.length,
    ...(scored === undefined ? {} : { scored }),
  };
}

interface Run {
  readonly results: readonly CaseResult<unknown>[];
  readonly scored: Scored | undefined;
  readonly notes: readonly string[];
}

async function runAndScore(options: EvaluateOptions, cohort: Cohort, task: Task): Promise<Run> {
  const { cases, table } = cohort;
  // The truth is read before the first case runs, so that a bad table costs no time.
  if (task.name === 'task2') {
    const truth = cases.map((one) => outcomeOf(one, table));
    assertComparable(truth, table);
    return run(options, cases, task, readRisk, scoreSurvival, (risk, i) => ({
      id: cases[i]!.id,
      ...truth[i]!,
      risk,
    }));
  }
  if (task.name === 'task3') {
    const truth = cases.map((one) => hpvOf(one, table));
    return run(options, cases, task, readStatus, scoreHpv, (answer, i) => ({
      id: cases[i]!.id,
      truth: truth[i]!,
      answer,
    }));
  }
  return run(options, cases, task, readOverlaps, scoreSegmentation, (overlaps) => overlaps);
}

async function run<A, P>(
  options: EvaluateOptions,
  cases: readonly CohortCase[],
  task: Task,
  read: (path: string, one: CohortCase) => Promise<A> | A,
  score: (patients: readonly P[]) => Scored,
  join: (answer: A, i: number) => P,
): Promise<Run> {
  const results = await runCohort(cases, task, options.program, {
    jobs: options.jobs,
    progress: options.progress(cases.length),
    read,
  });
  const patients = results.flatMap((result, i) =>
    'answer' in result ? [join(result.answer, i)] : [],
  );
  if (patients.length === 0) return { results, scored: undefined, notes: [] };
  try {
    return { results, scored: score(patients), notes: [] };
  } catch (error) {
    // The cases that are left cannot be compared; which ones failed must be told all the same.
    if (!isHecktorError(error, 'INVALID_ARGUMENT')) throw error;
    return { results, scored: undefined, notes: [`not scored: ${error.detail}`] };
  }
}
