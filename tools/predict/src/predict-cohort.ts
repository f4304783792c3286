import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCase, readPredictions } from '@hecktor/cohort';
import type { CohortCase, CohortTask, Predictions, RunFile } from '@hecktor/cohort';
import { writeJson } from '@hecktor/files';
import { holdFolder } from './hold-folder.ts';
import { jobsFor, thisMachine, type Machine } from './jobs.ts';
import { predictCase, workFolder, type Job } from './predict-case.ts';
import type { Program } from './program.ts';
import type { Progress } from './progress.ts';
import { identifyRun } from './run-identity.ts';

export interface PredictOptions {
  readonly task: CohortTask;
  readonly cases: readonly CohortCase[];
  readonly program: Program;
  /** The folder of predictions. */
  readonly out: string;
  /** Cases at a time. Default: as many as CPUs and memory suffice for. */
  readonly jobs?: number | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Default: this one. */
  readonly machine?: Machine;
}

/**
 * Runs a task's program on every patient, several at a time, into a folder of predictions. What is
 * there already, made by the same program, recipe, weights and settings of the same inputs, stays. A case
 * that fails stops nothing.
 *
 * @throws HecktorError FOLDER_IN_USE; OUTPUT_WRITE_FAILED; as `loadRecipe` does; the reason of `signal`.
 */
export async function predictCohort(options: PredictOptions): Promise<Predictions> {
  const { task, cases, program, out, progress, signal } = options;
  const release = await holdFolder(out);
  try {
    // Of a run that was killed.
    clear(workFolder(out));
    const job = { task, program, out, run: await identifyRun(program, task) };
    await writeRun(job, cases);
    try {
      await predictAll(job, options, signal);
    } finally {
      progress.end();
    }
    await writeRun(job, cases);
    return readPredictions(out);
  } finally {
    clear(workFolder(out));
    release();
  }
}

/** Writes `run.json`, in which cases that this run has not done or tried yet are pending. */
export async function writeRun(
  { task, run, out }: Pick<Job, 'task' | 'run' | 'out'>,
  cases: readonly CohortCase[],
): Promise<void> {
  const ids = cases.map(({ id }) => id).sort();
  const file: RunFile = {
    task: task.name,
    ...run,
    cases: ids.map((id) => {
      const known = readCase(out, id);
      if (known === undefined || known.run !== run.digest) return { id, status: 'pending' };
      return { id, digest: known.digest, status: known.status };
    }),
  };
  await writeJson(join(out, 'run.json'), file);
}

/**
 * The largest patient runs first and alone, so that its peak memory tells how many run beside each
 * other; one that memory does not suffice for beside others runs again alone at the end.
 */
async function predictAll(
  job: Job,
  { cases, jobs: wanted, progress, machine = thisMachine() }: PredictOptions,
  outer: AbortSignal,
): Promise<void> {
  const queue = cases.map((one) => ({ one, bytes: bytesOf(one) }));
  queue.sort((a, b) => b.bytes - a.bytes);
  const crowdedOut: typeof queue = [];
  let peak = 0;
  const jobs = (): number => wanted ?? jobsFor(peak, job.program.threads, machine);
  const fault = new AbortController();
  const signal = AbortSignal.any([outer, fault.signal]);
  const run = async (next: (typeof queue)[number], isAlone: boolean): Promise<void> => {
    const result = await predictCase(next.one, job, signal);
    peak = Math.max(peak, result.usage.peakMiB ?? 0);
    if (!isAlone && result.error?.code === 'OUT_OF_MEMORY') crowdedOut.push(next);
    else progress.add(result, next.bytes);
  };
  progress.begin(
    queue.length,
    queue.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  while (wanted === undefined && peak === 0 && queue.length > 0) await run(queue.shift()!, true);
  const work = async (place: number): Promise<void> => {
    try {
      while (queue.length > 0 && place < jobs()) await run(queue.shift()!, jobs() === 1);
    } catch (error) {
      // What keeps one case from being written keeps the others from it, too.
      fault.abort(error);
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: jobs() }, (_, i) => work(i)));
  for (const one of ended) if (one.status === 'rejected') throw signal.reason;
  for (const next of crowdedOut) await run(next, true);
}

/** A program that is being killed may still write. */
function clear(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Of a patient's images. */
export function bytesOf({ images }: CohortCase): number {
  const sizes = Object.values(images).map((file) => statSync(file).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
