import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';

/** `run.json`: what took part in a run over a cohort, and what became of its cases. No times. */
export interface RunFile {
  readonly task: string;
  /** Of Node.js and of the packages that compute. */
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the program's files, of the recipe, and of the other files beside it. */
  readonly digests: { readonly program: string; readonly recipe: string; readonly weights: string };
  /** What else decides the answers: threads of a case, the plan and, where it counts, the time. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Of `digests` and `settings`. */
  readonly digest: string;
  /** In the order of their ids. */
  readonly cases: readonly {
    readonly id: string;
    /** Of the case; absent while it is pending. */
    readonly digest?: string;
    readonly status: 'done' | 'failed' | 'pending';
  }[];
}

/** `cases/<id>/case.json`: that a case is over. No times. */
export interface CaseFile {
  readonly id: string;
  /** Of all that decides the answer: the inputs and the run's digest. */
  readonly digest: string;
  /** The run's digest. */
  readonly run: string;
  readonly status: 'done' | 'failed';
  /** Why it failed: a code of docs/errors.md, and the program's last words. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** `cases/<id>/usage.json`: what varies from run to run. */
export interface UsageFile {
  readonly seconds: number;
  /** Largest resident memory; absent when the program did not come to say it. */
  readonly peakMiB?: number;
  /** What was done of the recipe, as in the last log line `plan` (docs/plan.md). */
  readonly plan?: Readonly<Record<string, unknown>>;
}

/** A case that is over. */
export interface PredictedCase extends CaseFile {
  /** Holds the files of the container at the paths of task.json; a failed case has none. */
  readonly output: string;
  readonly usage: UsageFile;
}

export interface Predictions {
  readonly folder: string;
  readonly run: RunFile;
  /** The cases of the run that are over, in the order of their ids. */
  readonly cases: readonly PredictedCase[];
  /** Ids of those that are not, or only with another program, recipe, weights or settings. */
  readonly pending: readonly string[];
}

/** Where the files of a case lie in a folder of predictions. */
export function caseFolder(folder: string, id: string): string {
  return join(folder, 'cases', id);
}

/**
 * Reads a folder that `predict` has written, or is writing: each case is there as a whole or not yet.
 *
 * @throws HecktorError PREDICTIONS_INVALID when it is none.
 */
export function readPredictions(folder: string): Predictions {
  const run = readFile<RunFile>(join(folder, 'run.json'));
  const cases = run.cases
    .flatMap(({ id }) => readCase(folder, id) ?? [])
    .filter((one) => one.run === run.digest);
  const over = new Set(cases.map(({ id }) => id));
  return {
    ...{ folder, run, cases },
    pending: run.cases.map(({ id }) => id).filter((id) => !over.has(id)),
  };
}

/** Reads what became of one case; undefined while it is not over. Throws PREDICTIONS_INVALID. */
export function readCase(folder: string, id: string): PredictedCase | undefined {
  const place = caseFolder(folder, id);
  if (!existsSync(join(place, 'case.json'))) return undefined;
  return {
    ...readFile<CaseFile>(join(place, 'case.json')),
    output: join(place, 'output'),
    usage: readFile<UsageFile>(join(place, 'usage.json')),
  };
}

function readFile<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (origin) {
    const { code } = origin as NodeJS.ErrnoException;
    const detail =
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'not JSON'})`;
    throw new HecktorError('PREDICTIONS_INVALID', { file, detail, origin });
  }
}
