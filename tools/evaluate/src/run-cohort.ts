import type { CohortCase } from './cohort.ts';
import { runCase, type CaseResult, type Program } from './run-case.ts';
import type { ScoredTask } from './tasks.ts';

/** Runs the program on every patient, `jobs` at a time; results in the order of the patients. */
export async function runCohort<T>(
  cases: readonly CohortCase[],
  task: ScoredTask,
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

export interface Progress {
  add(result: CaseResult<unknown>): void;
  end(): void;
}

/** What a progress display writes to; `process.stderr` is one. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** One line that is drawn again on a terminal; plain lines, one in ten cases, elsewhere. */
export function createProgress(total: number, screen: Screen, now = Date.now): Progress {
  const begun = now();
  let [done, failed] = [0, 0];
  const line = (): string => {
    const left = Math.round((((now() - begun) / done) * (total - done)) / 1000);
    const wrong = failed > 0 ? `, ${failed} failed` : '';
    return `${done} of ${total} cases${wrong}, about ${left} s left`;
  };
  return {
    add: (result) => {
      done++;
      if ('failure' in result) {
        failed++;
        screen.write(`${screen.isTTY ? '\r\x1b[K' : ''}${result.id} failed: ${result.failure}\n`);
      }
      if (screen.isTTY) screen.write(`\r\x1b[K${line()}`);
      else if (done % 10 === 0 || done === total) screen.write(`${line()}\n`);
    },
    end: () => {
      if (screen.isTTY) screen.write('\r\x1b[K');
    },
  };
}
