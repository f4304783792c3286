import {
  CLINICAL_RECORD,
  assertWritable,
  findInputs,
  removeOutput,
  readClinicalRecord,
  resolveFolders,
  type CaseFolders,
  type InputSocket,
  type OutputSocket,
} from '@hecktor/case-io';
import { isHecktorError } from '@hecktor/errors';
import {
  createDeadline,
  createProgress,
  createStageTimer,
  createStopSignal,
  grantedCpus,
  memoryLimit,
  peakMemory,
  superviseWorker,
  type Log,
  type RunConfig,
} from '@hecktor/runtime';
import type { CaseJob, RunFigures } from './job.ts';

/** Options of {@link superviseCase}. */
export interface SuperviseCaseOptions<Result extends RunFigures> {
  config: RunConfig;
  log: Log;
  env: Readonly<Record<string, string | undefined>>;
  /** The images of the task, in the order in which the recipe's target is chosen. */
  sockets: readonly InputSocket[];
  /** The output of the task. One of an earlier run is removed: a run that fails leaves none. */
  socket: OutputSocket;
  /** Whether the worker needs the clinical record; else its faults are only told. */
  clinicalRecord: 'used' | 'unused';
  /** Entry file of the compute worker. */
  worker: URL;
  /** Entry file of the kernel threads. */
  kernelWorker: URL;
  /** Resources beside the program, used unless the environment names others. */
  resources: string;
  /** Writes the result and gives the file's path. */
  write: (result: Result, folders: CaseFolders, signal: AbortSignal) => Promise<string>;
}

/**
 * Takes one case from its input folder to its output file: finds the inputs, lets a worker compute
 * within the time limit, writes what it gave back, and says in the last log line what it took.
 *
 * @throws HecktorError for everything that ends the run; no output is left then.
 */
export async function superviseCase<Result extends RunFigures>(
  options: SuperviseCaseOptions<Result>,
): Promise<void> {
  const { config, log, env } = options;
  const deadline = createDeadline({ limitS: config.timeLimitS });
  // Never disposed of: a second signal must not cut off the last words of a run that is ending.
  const { signal } = createStopSignal(deadline, config.timeLimitS);
  const timer = createStageTimer();
  const folders = resolveFolders(env);
  const threads = config.threads ?? grantedCpus();
  log.info('folders and limits', {
    ...folders,
    threads,
    memoryLimitMiB: mebibytes(memoryLimit()),
    timeLimitS: config.timeLimitS,
  });
  removeOutput(folders.output, options.socket);
  const inputs = findInputs(folders.input, [...options.sockets, CLINICAL_RECORD]);
  assertWritable(folders.output);
  const record = inputs[CLINICAL_RECORD.name];
  const isUsed = options.clinicalRecord === 'used';
  if (!isUsed) checkClinicalRecord(record, log);
  const job: CaseJob = {
    images: Object.fromEntries(
      options.sockets.flatMap(({ name }) => {
        const path = inputs[name];
        return path === undefined ? [] : [[name, path]];
      }),
    ),
    ...(isUsed && record !== undefined && { clinicalRecord: record }),
    folders: {
      modelFolder: config.modelFolder,
      resources: config.resources ?? options.resources,
    },
    threads,
    kernelWorker: options.kernelWorker.href,
    deadlineAt: Date.now() + deadline.remainingMs(),
  };
  log.info('inputs found', { images: job.images });
  const result = await superviseWorker<Result>({
    worker: options.worker,
    data: job,
    signal,
    log,
    progress: createProgress({ log }),
  });
  const file = await timer.time('writing', () => options.write(result, folders, signal));
  log.info('done', {
    file,
    windows: result.windows,
    peakMemoryMiB: mebibytes(peakMemory()),
    seconds: {
      ...result.seconds,
      ...timer.seconds(),
      total: Math.round(process.uptime() * 1000) / 1000,
    },
  });
}

/** For a task that does not need the record a fault in it is told, not fatal. */
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
