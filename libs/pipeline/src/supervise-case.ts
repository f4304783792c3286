import {
  assertWritable,
  findInputs,
  labelMapOf,
  removeOutputs,
  readClinicalRecord,
  resolveFolders,
  writeOutputs,
  writeTensor,
  type FoundInputs,
  type Task,
} from '@hecktor/case-io';
import { dirname, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import {
  createDeadline,
  createProgress,
  createStageTimer,
  createStopSignal,
  grantedCpus,
  memoryLimit,
  peakMemory,
  superviseWorker,
  type Deadline,
  type KeptWorker,
  type Log,
  type Program,
  type SuperviseOptions,
} from '@hecktor/runtime';
import { createVolume, type Volume } from '@hecktor/volume';
import type {
  AnswerResult,
  CaseJob,
  CaseResult,
  LabelMapAnswer,
  TensorResult,
} from './case-job.ts';
import { withFallback } from './fallback.ts';
import { createPatience, type Patience } from './patience.ts';
import type { CasePaths } from './read-case.ts';

/** Share of the time after the deadline in which a first answer may still come; it has to be written. */
const WAITING = 0.6;

/** When a case began, what ends it, and the thread that computes it. */
interface CaseRun {
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  /** Does not fire at the deadline. */
  readonly interrupted: AbortSignal;
  /** A thread that is kept keeps its networks too. */
  readonly worker: URL | KeptWorker;
}

/** The platform's limit for a case, s. */
export function timeLimitOf({ timeLimit }: Task, { config }: Program): number {
  return config.timeLimitS ?? timeLimit.hecktor25;
}

/** A process that is there for one case. */
function onlyRun(task: Task, program: Program): CaseRun {
  const limitS = timeLimitOf(task, program);
  const startedAt = Date.now() - process.uptime() * 1000;
  const deadline = createDeadline({ limitS, startedAt });
  // Never disposed of: a second signal must not cut off the last words of a run that is ending.
  const { signal, interrupted } = createStopSignal(deadline, limitS);
  return { startedAt, deadline, signal, interrupted, worker: program.worker };
}

/**
 * Takes one case from its input folder to its output file, as {@link answerCase} does; a case that
 * cannot be answered gets the recipe's fallback, if it has one.
 *
 * @throws HecktorError for everything that ends the run; no output is left then.
 */
export function superviseCase(
  task: Task,
  program: Program,
  run: CaseRun = onlyRun(task, program),
): Promise<void> {
  return withFallback(task, program, () => answerCase(task, program, run), run.interrupted);
}

/**
 * Takes one case from its input folder to its output file, on the main thread of a container:
 * finds the inputs, lets a worker compute within the time limit, writes what it gave back, and says
 * in the last log line what it took.
 *
 * @throws HecktorError for everything that ends the run; no output is left then.
 */
async function answerCase(task: Task, program: Program, run: CaseRun): Promise<void> {
  const { config, log, env } = program;
  const { startedAt, deadline, signal, interrupted, worker } = run;
  const timer = createStageTimer();
  const folders = resolveFolders(env);
  const threads = config.threads ?? grantedCpus();
  log.info('folders and limits', {
    ...folders,
    threads,
    memoryLimitMiB: mebibytes(memoryLimit()),
    timeLimitS: timeLimitOf(task, program),
  });
  const { dumpTensor, plan, planOnly } = config;
  const writesOutput = dumpTensor === undefined && !planOnly;
  // A run that fails leaves no output of an earlier one.
  if (writesOutput) removeOutputs(folders.output, task.outputs);
  const inputs = findInputs(folders.input, task.inputs, (warning) => log.warn(warning));
  if (writesOutput) assertWritable(folders.output);
  if (dumpTensor !== undefined) assertWritable(dirname(resolve(dumpTensor)));
  const record = inputs[task.inputs.find(({ kind }) => kind === 'clinical-record')?.name ?? ''];
  if (task.recipe.kind === 'segmentation') checkClinicalRecord(record, log);
  const job: CaseJob = {
    task,
    images: imagesOf(task, inputs),
    ...(record !== undefined && { clinicalRecord: record }),
    folders: {
      modelFolder: config.modelFolder,
      resources: config.resources ?? program.resources,
    },
    threads,
    kernelWorker: program.kernelWorker.href,
    deadlineAt: Date.now() + deadline.remainingMs(),
    plan,
    planOnly,
    dumpTensor: dumpTensor !== undefined,
    keepNetworks: !(worker instanceof URL),
  };
  log.info('inputs found', { images: job.images });
  const extraMs = plan === 'auto' ? WAITING * deadline.marginMs : 0;
  const patience = createPatience(signal, interrupted, extraMs);
  const result = await computeResult(log, { data: job, worker }, patience);
  const files = await timer.time('writing', async () => {
    // There is an answer: the time that is kept for the end is for writing it.
    if ('tensor' in result) return [await dump(result, dumpTensor!, interrupted, log)];
    return 'planned' in result ? undefined : writeResult(result, task, folders.output, interrupted);
  });
  log.info('done', {
    files,
    windows: result.windows,
    peakMemoryMiB: mebibytes(peakMemory()),
    seconds: {
      ...result.seconds,
      ...timer.seconds(),
      total: Math.round(Date.now() - startedAt) / 1000,
    },
  });
}

/** What the worker gives back; where the time or the memory ends before, its best answer so far. */
async function computeResult(
  log: Log,
  job: Pick<SuperviseOptions, 'data' | 'worker'>,
  { signal, answered, dispose }: Patience,
): Promise<CaseResult> {
  const best: { answer?: AnswerResult } = {};
  try {
    return await superviseWorker<CaseResult>({
      ...{ ...job, signal, log, progress: createProgress({ log }) },
      onInterim: (result) => {
        best.answer = result as AnswerResult;
        answered();
      },
    });
  } catch (error) {
    const isOver = isHecktorError(error, 'TIMEOUT') || isHecktorError(error, 'OUT_OF_MEMORY');
    const { answer } = best;
    if (answer === undefined || !isOver) throw error;
    log.warn('not all that was planned was done: the best answer so far is written', {
      reason: error.code,
    });
    if (answer.plan !== undefined) {
      log.info('plan', { plan: { ...answer.plan, state: 'cut short' } });
    }
    return answer;
  } finally {
    dispose();
  }
}

/** Paths of the images that were found; every task has a CT and a PET. */
function imagesOf({ name, inputs }: Task, found: FoundInputs): CasePaths {
  const isImage = (key: string) => inputs.some((i) => i.name === key && i.kind === 'image');
  const { ct, pet, ...others } = found;
  if (ct === undefined || pet === undefined) {
    throw new HecktorError('INPUT_IMAGE_MISSING', {
      detail: `${name} has no input named "${ct === undefined ? 'ct' : 'pet'}"`,
      cause: 'task.json lists the images of the task under other names',
      fix: 'name the CT "ct" and the PET "pet" in task.json, and not optional',
    });
  }
  return { ct, pet, ...Object.fromEntries(Object.entries(others).filter(([key]) => isImage(key))) };
}

async function dump(
  { tensor }: TensorResult,
  file: string,
  signal: AbortSignal,
  log: Log,
): Promise<string> {
  await writeTensor(file, tensor, { signal });
  log.info('tensor written, no network has run', { dims: tensor.dims });
  return file;
}

async function writeResult(
  result: AnswerResult,
  { outputs }: Task,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { values, labelMap } = result;
  const mask = labelMapOf({ outputs });
  const labels = mask && labelMap && { [mask.name]: labelsOf(labelMap) };
  return writeOutputs(folder, outputs, { ...values, ...labels }, { signal });
}

function labelsOf({ grid, labels, isDeflated = false }: LabelMapAnswer): Volume<Uint8Array> {
  return createVolume(grid, isDeflated ? new Uint8Array(inflateSync(labels)) : labels);
}

/** For a task that does not need the record a fault in it is a warning. */
function checkClinicalRecord(file: string | undefined, log: Log): void {
  if (file === undefined) {
    log.warn('no clinical record (ehr.json); going on without it');
    return;
  }
  try {
    const { warnings } = readClinicalRecord(file);
    for (const warning of warnings) log.warn('clinical record', { file, warning });
  } catch (error) {
    if (!isHecktorError(error)) throw error;
    log.warn('the clinical record cannot be read; going on without it', {
      file,
      reason: error.detail,
    });
  }
}

function mebibytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round(bytes / 2 ** 20);
}
