import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  caseFolder,
  readCase,
  type CaseFile,
  type CohortCase,
  type CohortTask,
  type PredictedCase,
  type UsageFile,
} from '@hecktor/cohort';
import { writeJson } from '@hecktor/files';
import { inputFiles, layOutInput } from './input-files.ts';
import type { Program } from './program.ts';
import { caseDigest, type RunIdentity } from './run-identity.ts';
import { runProgram, type CaseError } from './run-program.ts';

/** What the cases of a run have in common; plain data. */
export interface Job {
  readonly task: CohortTask;
  readonly program: Program;
  readonly run: RunIdentity;
  /** The folder of predictions. */
  readonly out: string;
  /** How images come into the input folder of the program. Default: link. */
  readonly inputs?: 'link' | 'copy';
}

/** A case that is over; `fresh` when it was run now. */
export type CaseOutcome = PredictedCase & { readonly fresh: boolean };

/**
 * Runs the program on one patient, unless that was done already with the same inputs, program, recipe,
 * weights and settings. A case that fails is an outcome, and is tried again by the next run. The files
 * of a case appear all at once, when it is over.
 *
 * @throws The reason of `signal`; HecktorError or system errors when nothing can be written.
 */
export async function predictCase(
  one: CohortCase,
  job: Job,
  signal?: AbortSignal,
): Promise<CaseOutcome> {
  const { task, run, out } = job;
  const files = inputFiles(one, task);
  const digest = await caseDigest(run, files);
  const known = readCase(out, one.id);
  if (known?.status === 'done' && known.digest === digest) return { ...known, fresh: false };
  mkdirSync(workFolder(out), { recursive: true });
  const work = mkdtempSync(join(workFolder(out), `${one.id}-`));
  try {
    const [input, place] = [join(work, 'input'), join(work, 'case')];
    const output = join(place, 'output');
    mkdirSync(output, { recursive: true });
    mkdirSync(input);
    layOutInput(files, input, job.inputs);
    const begun = Date.now();
    const log = join(place, 'log.jsonl');
    const ended = await runProgram(job.program, { input, output, log }, signal);
    const error = ended ?? missingOutput(output, task);
    if (error !== undefined) rmSync(output, { recursive: true });
    const usage = { seconds: (Date.now() - begun) / 1000, ...readLog(log) };
    const common = { id: one.id, digest, run: run.digest };
    const result: CaseFile =
      error === undefined ? { ...common, status: 'done' } : { ...common, status: 'failed', error };
    await writeResult(place, result, usage);
    signal?.throwIfAborted();
    publish(place, caseFolder(out, one.id), join(work, 'replaced'));
    return { ...readCase(out, one.id)!, fresh: true };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Gives a case up for which no program could be run to its end. */
export async function writeFailure(one: CohortCase, job: Job, error: CaseError): Promise<void> {
  const { task, run, out } = job;
  const digest = await caseDigest(run, inputFiles(one, task));
  const result: CaseFile = { id: one.id, digest, run: run.digest, status: 'failed', error };
  await writeResult(caseFolder(out, one.id), result, { seconds: 0 });
}

/** The case is over with its last file. */
async function writeResult(place: string, result: CaseFile, usage: UsageFile): Promise<void> {
  await writeJson(join(place, 'usage.json'), usage);
  await writeJson(join(place, 'case.json'), result);
}

/** Where cases are worked on, on the disk that they end on. */
export function workFolder(out: string): string {
  return join(out, '.work');
}

function publish(from: string, to: string, replaced: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(to)) renameSync(to, replaced);
  renameSync(from, to);
}

function missingOutput(output: string, { outputs }: CohortTask): CaseError | undefined {
  const missing = outputs.find(({ path }) => !existsSync(join(output, path)));
  if (missing === undefined) return undefined;
  return { code: 'OUTPUT_FILES_WRONG', message: `the program wrote no ${missing.path}` };
}

/** What the program's log says at its end about memory and plan. */
function readLog(file: string): Omit<UsageFile, 'seconds'> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const last = (message: string): Record<string, unknown> => {
    const line = lines.findLast((each) => each.endsWith(`"msg":"${message}"}`));
    return line === undefined ? {} : (JSON.parse(line) as Record<string, unknown>);
  };
  const { peakMemoryMiB } = last('done');
  const { plan } = last('plan');
  return {
    ...(typeof peakMemoryMiB === 'number' && { peakMiB: peakMemoryMiB }),
    ...(typeof plan === 'object' && { plan: plan as Record<string, unknown> }),
  };
}
