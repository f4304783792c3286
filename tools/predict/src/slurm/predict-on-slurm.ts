import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { caseFolder, readCase, readPredictions } from '@hecktor/cohort';
import type { CohortCase, CohortTask, Predictions } from '@hecktor/cohort';
import { CATALOGUE, EXIT, HecktorError, type ErrorCode } from '@hecktor/errors';
import { holdFolder } from '../hold-folder.ts';
import { inputFiles } from '../input-files.ts';
import { workFolder, writeFailure, type Job } from '../predict-case.ts';
import { bytesOf, writeRun, type PredictOptions } from '../predict-cohort.ts';
import type { Program } from '../program.ts';
import { caseDigest, identifyRun, type RunIdentity } from '../run-identity.ts';
import type { RemoteProgress } from '../progress.ts';
import type { CaseError } from '../run-program.ts';
import { adopt, forgetArrays, submit, type Element } from './arrays.ts';
import { inContainer, type ContainerChoice } from './choose-container.ts';
import { accountedState, cancelJobs, isActive, readQueue } from './queue.ts';

export interface SlurmOptions
  extends Omit<PredictOptions, 'machine' | 'progress'>, ContainerChoice {
  readonly progress: RemoteProgress;
  /** How often a case is submitted again whose element ended without an answer. */
  readonly retries: number;
  /** Time between two looks at the queue, ms. */
  readonly interval?: number;
}

interface Flight extends Element {
  /** Looks at the queue that did not find it, nor its results. */
  missed: number;
}

/** Files of another node may be seen late. */
const PATIENCE = 3;

/**
 * Runs a task's program on every patient as elements of Slurm array jobs, with the results of
 * `predictCohort`. Elements go on when this run ends early; the next run finds them in the queue.
 *
 * @throws HecktorError SLURM_FAILED; as `predictCohort` does.
 */
export async function predictOnSlurm(options: SlurmOptions): Promise<Predictions> {
  const { task, cases, out, progress } = options;
  const release = await holdFolder(out);
  try {
    const { program, how } = await inContainer(options.program, task.name, options);
    progress.say(how);
    const inputs = program.container === undefined ? 'link' : 'copy';
    const job: Job = { task, program, out, run: await identifyElements(program, task), inputs };
    await writeRun(job, cases);
    try {
      await follow(job, options);
    } finally {
      progress.end();
    }
    forgetArrays(out);
    // Of elements that were killed.
    rmSync(workFolder(out), { recursive: true, force: true });
    await writeRun(job, cases);
    return readPredictions(out);
  } finally {
    release();
  }
}

/** Elements in a container run with its Node.js. */
async function identifyElements(program: Program, task: CohortTask): Promise<RunIdentity> {
  const run = await identifyRun(program, task);
  const node = program.container?.image.env['NODE_VERSION'];
  return node === undefined ? run : { ...run, versions: { ...run.versions, node: `v${node}` } };
}

async function follow(job: Job, options: SlurmOptions): Promise<void> {
  const { cases, jobs, retries, progress, signal, interval = 5000 } = options;
  const flights = new Map<string, Flight>();
  const tries = new Map<string, number>();
  const start = (elements: readonly Element[]): void => {
    for (const element of elements) {
      const { id } = element.one;
      flights.set(id, { ...element, missed: 0 });
      tries.set(id, (tries.get(id) ?? 0) + 1);
    }
  };
  /** Whether a case is to be submitted once more. */
  const mayRetry = (id: string): boolean => tries.get(id)! <= retries;

  const found = await readQueue();
  if (found === undefined)
    throw new HecktorError('SLURM_FAILED', { detail: 'squeue does not answer' });
  const { elements, stale } = adopt(job, found);
  if (stale.length > 0) await cancelJobs(stale);
  start(elements);
  progress.begin(cases.length, sum(cases.map(bytesOf)));
  const waiting: CohortCase[] = [];
  let refusal = '';
  for (const one of cases.filter(({ id }) => !flights.has(id))) {
    const known = await doneCase(one, job);
    if (known === undefined) waiting.push(one);
    else progress.add({ id: one.id, fresh: false }, bytesOf(one));
  }
  const submitAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const submitted = await submit(job, waiting, jobs);
      start(submitted);
      waiting.splice(0, submitted.length);
    }
  };
  for (;;) {
    // What an earlier try or another program left would pass for the answer of this one.
    for (const { id } of waiting) rmSync(caseFolder(job.out, id), { recursive: true, force: true });
    await submitAll().catch((error: unknown) => {
      // A busy controller, or a limit on jobs: later, when some have ended.
      if (flights.size === 0) throw error;
      const { message } = error as Error;
      if (message !== refusal) progress.say(message);
      refusal = message;
    });
    if (flights.size === 0) return;
    await pause(interval, [...flights.values()], signal);
    const queue = await readQueue();
    const states = new Map(queue?.map((each) => [`${each.job}_${each.index}`, each]));
    for (const flight of flights.values()) {
      const { one } = flight;
      const outcome = readCase(job.out, one.id);
      const queued = states.get(`${flight.job}_${flight.index}`);
      if (outcome?.run === job.run.digest) {
        flights.delete(one.id);
        if (mayPass(outcome.error) && mayRetry(one.id)) waiting.push(one);
        else progress.add({ ...outcome, fresh: true }, bytesOf(one));
        continue;
      }
      // The queue may be silent for a while.
      if (queue === undefined) continue;
      flight.missed = queued !== undefined && isActive(queued) ? 0 : flight.missed + 1;
      if (flight.missed < PATIENCE) continue;
      flights.delete(one.id);
      const state = queued?.state ?? (await accountedState(flight.job, flight.index));
      if (mayRetry(one.id)) {
        progress.say(
          `${one.id}: its element ended as ${state ?? 'unknown'} and is submitted again`,
        );
        waiting.push(one);
      } else {
        const error = lost(state, tries.get(one.id)!);
        await writeFailure(one, job, error);
        progress.add({ id: one.id, error, fresh: true }, bytesOf(one));
      }
    }
    const running = [...flights.values()].filter(
      ({ job: id, index }) => states.get(`${id}_${index}`)?.state === 'RUNNING',
    ).length;
    const queued = queue === undefined ? 'the queue does not answer' : `${running} running`;
    progress.status(`${queued}, ${flights.size - running} waiting`);
  }
}

/** Whether a failure may be the node's. */
function mayPass(error: CaseError | undefined): boolean {
  if (error === undefined) return false;
  const { exitCode } = CATALOGUE[error.code as ErrorCode];
  return exitCode !== EXIT.input && exitCode !== EXIT.resources;
}

function lost(state: string | undefined, tries: number): CaseError {
  const known = state === 'OUT_OF_MEMORY' || state === 'TIMEOUT';
  const message = `the case's element ended ${tries} times without an answer, last as ${state ?? 'unknown'}`;
  return { code: known ? state : 'ELEMENT_LOST', message };
}

async function doneCase(one: CohortCase, { task, out, run }: Job) {
  const known = readCase(out, one.id);
  if (known?.status !== 'done' || known.run !== run.digest) return undefined;
  return known.digest === (await caseDigest(run, inputFiles(one, task))) ? known : undefined;
}

/** Waits; tells whoever ends the wait what becomes of the elements. */
async function pause(ms: number, flights: readonly Flight[], signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    const jobs = [...new Set(flights.map(({ job }) => job))].join(' ');
    const { detail } = signal.reason as HecktorError;
    throw new HecktorError('INTERRUPTED', {
      detail: `${detail}; ${flights.length} elements go on`,
      cause: 'a person or the system ended the command, not its elements',
      fix: `give the same command again to wait for them, or end them with \`scancel ${jobs}\``,
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
