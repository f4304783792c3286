import { readCohort, requireTruth, type CohortCase } from '@hecktor/cohort';
import { isHecktorError } from '@hecktor/errors';
import type { Evaluation, Scorer } from './report.ts';
import { runCase, type CaseResult, type Program } from './run-case.ts';
import type { Progress } from './progress.ts';
import { hpvScorer } from './score-hpv.ts';
import { segmentationScorer } from './score-segmentation.ts';
import { survivalScorer } from './score-survival.ts';
import type { ScoredTask } from './tasks.ts';

export interface EvaluateOptions {
  readonly task: ScoredTask;
  readonly data: string;
  readonly program: Program;
  /** Cases at a time. */
  readonly jobs: number;
  /** Only so many patients, the first ones. */
  readonly limit?: number | undefined;
  readonly progress: (total: number) => Progress;
}

/**
 * Runs a task's program on every labelled patient, from image files to the answer's file, and
 * scores the answers. A case that fails is reported and not scored.
 *
 * @throws HecktorError COHORT_INVALID for a set that cannot be scored.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { task, data, limit } = options;
  const cohort = requireTruth(readCohort(data, task), task);
  const cases = cohort.cases.slice(0, limit);
  const evaluated = await evaluateCases(
    cases,
    scorerOf(task, cases, cohort.table ?? data),
    options,
  );
  return { task: task.name, data, ...evaluated, notes: [...cohort.notes, ...evaluated.notes] };
}

function scorerOf(task: ScoredTask, cases: readonly CohortCase[], table: string): Scorer {
  switch (task.evaluation.metric) {
    case 'concordance-index':
      return survivalScorer(task, cases, table);
    case 'balanced-accuracy':
      return hpvScorer(task, cases, table);
    case 'dice':
      return segmentationScorer(task);
  }
}

async function evaluateCases<Patient>(
  cases: readonly CohortCase[],
  scorer: Scorer<Patient>,
  options: EvaluateOptions,
): Promise<Omit<Evaluation, 'task' | 'data'>> {
  const results = await runCohort(cases, scorer, options);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const facts = {
    cases: cases.length,
    failures: results.flatMap((one) =>
      'failure' in one ? [{ id: one.id, failure: one.failure }] : [],
    ),
    secondsPerCase: seconds / cases.length,
    notes: [],
  };
  const patients = results.flatMap((result) => ('answer' in result ? [result.answer] : []));
  if (patients.length === 0) return facts;
  try {
    return { ...facts, scored: scorer.score(patients) };
  } catch (error) {
    // The cases that are left cannot be compared; the report names those that failed all the same.
    if (!isHecktorError(error, 'INVALID_ARGUMENT')) throw error;
    return { ...facts, notes: [`not scored: ${error.detail}`] };
  }
}

/** Runs the program on every patient, `jobs` at a time; results in the order of the patients. */
async function runCohort<Patient>(
  cases: readonly CohortCase[],
  { read }: Scorer<Patient>,
  { task, program, jobs, ...options }: EvaluateOptions,
): Promise<CaseResult<Patient>[]> {
  const progress = options.progress(cases.length);
  const results: CaseResult<Patient>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      const one = cases[i]!;
      results[i] = await runCase(one, task, program, (path) => read(path, one));
      progress.add(results[i]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, cases.length) }, worker));
  progress.end();
  return results;
}
