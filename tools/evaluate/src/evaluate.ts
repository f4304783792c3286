import { isHecktorError } from '@hecktor/errors';
import { readCohort, type Cohort, type CohortCase } from './cohort.ts';
import type { Evaluation, Scored } from './report.ts';
import { readAnswer, type CaseResult, type Program } from './run-case.ts';
import { runCohort, type Progress } from './run-cohort.ts';
import { hpvOf, scoreHpv } from './score-hpv.ts';
import { readOverlaps, scoreSegmentation, type SegmentationCase } from './score-segmentation.ts';
import { assertComparable, outcomeOf, scoreSurvival } from './score-survival.ts';
import type { ScoredTask } from './tasks.ts';

export interface EvaluateOptions {
  readonly task: ScoredTask;
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
  const { task } = options;
  const cohort = readCohort(options.data, task);
  const cases = cohort.cases.slice(0, options.limit ?? cohort.cases.length);
  const { results, scored, notes } = await runAndScore(options, { ...cohort, cases });
  const failures = results.filter((result) => 'failure' in result);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  return {
    task: task.name,
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

async function runAndScore(options: EvaluateOptions, cohort: Cohort): Promise<Run> {
  const { cases, table } = cohort;
  const { evaluation, output, name } = options.task;
  const { columns } = evaluation;
  // The truth is read before the first case runs, so that a bad table costs no time.
  switch (evaluation.metric) {
    case 'concordance-index': {
      const truth = cases.map((one) => outcomeOf(one, table, columns));
      assertComparable(truth, table);
      const read = (path: string) => readAnswer(path, 'finite number', isFiniteNumber);
      return run(options, cases, read, scoreSurvival, (risk, i) => ({
        id: cases[i]!.id,
        ...truth[i]!,
        risk,
      }));
    }
    case 'balanced-accuracy': {
      const truth = cases.map((one) => hpvOf(one, table, columns[0] ?? ''));
      const read = (path: string) => readAnswer(path, 'boolean', isBoolean);
      return run(options, cases, read, scoreHpv, (answer, i) => ({
        id: cases[i]!.id,
        truth: truth[i]!,
        answer,
      }));
    }
    case 'dice': {
      const labels = output.kind === 'label-map' ? output.labels : [];
      const about = { task: name, labels, output: output.path };
      return run(
        options,
        cases,
        (path: string, one: CohortCase) => readOverlaps(path, one, about),
        (patients: readonly SegmentationCase[]) => scoreSegmentation(patients, labels),
        (overlaps) => overlaps,
      );
    }
  }
}

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

async function run<A, P>(
  options: EvaluateOptions,
  cases: readonly CohortCase[],
  read: (path: string, one: CohortCase) => Promise<A> | A,
  score: (patients: readonly P[]) => Scored,
  join: (answer: A, i: number) => P,
): Promise<Run> {
  const results = await runCohort(cases, options.task, options.program, {
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
    // The cases that are left cannot be compared; the report names those that failed all the same.
    if (!isHecktorError(error, 'INVALID_ARGUMENT')) throw error;
    return { results, scored: undefined, notes: [`not scored: ${error.detail}`] };
  }
}
