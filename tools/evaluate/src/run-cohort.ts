import type { CohortCase } from './read-cohort.ts';
import { runCase, type CaseResult, type Program } from './run-case.ts';
import type { Progress } from './progress.ts';
import type { Task } from './tasks.ts';

/** Runs the program on every patient, `jobs` at a time; results in the order of the patients. */
export async function runCohort<T>(
  cases: readonly CohortCase[],
  task: Task,
  program: Program,
  options: {
    readonly jobs: number;
    readonly progress: Progress;
    readonly read: (path: string, one: CohortCase) => Promise<T> | T;
  },
): Promise<CaseResult<T>[]> {
  const results: CaseResult<T>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      const one = cases[i]!;
      const result = await runCase(one, task, program, (path) => options.read(path, one));
      results[i] = result;
      options.progress.add(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, cases.length) }, worker));
  options.progress.end();
  return results;
}
