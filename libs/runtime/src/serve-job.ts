import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { HecktorError } from '@hecktor/errors';
import { type ErrorMessage, toErrorMessage } from './error-message.ts';
import { type LogFields, type LogLevel, createLog, type Log } from './log.ts';

interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** What a compute worker tells its supervisor. */
export type WorkerMessage =
  | ({ readonly type: 'log' } & LogLine)
  | { readonly type: 'progress'; readonly stage: string; readonly fraction: number }
  | { readonly type: 'interim'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: ErrorMessage }
  | { readonly type: 'result'; readonly value: unknown };

/** What a supervisor tells its compute worker: to stop at the next report of progress. */
export const STOP = 'stop';

/** What a job may use to speak to its supervisor. */
interface JobContext {
  readonly log: Log;
  /** Throws INTERRUPTED when the supervisor wants the job to end. */
  readonly onProgress: (stage: string, fraction: number) => void;
  /** Hands over the best result so far, for when there will be no better one. */
  readonly onInterim: (result: JobResult) => void;
}

/** What a job hands back; the transferred buffers are moved, not copied. */
export interface JobResult {
  readonly value: unknown;
  readonly transfer?: readonly Transferable[];
}

/**
 * Runs the jobs of a compute worker, one after the other, with the data its supervisor gives it: the
 * first with the thread, each further one when the one before has ended well. Whatever goes wrong
 * reaches the supervisor as a HecktorError with its code.
 */
export function serveJob<Data>(job: (data: Data, context: JobContext) => Promise<JobResult>): void {
  const post = (message: WorkerMessage, transfer: readonly Transferable[] = []): void =>
    parentPort?.postMessage(message, transfer);
  let stopped = false;
  const context: JobContext = {
    log: createLog((level, message, fields) => post({ type: 'log', level, message, fields })),
    onProgress: (stage, fraction) => {
      // The thread blocks during native calls, so the message is fetched and not waited for.
      const told = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
      stopped ||= told?.message === STOP;
      if (stopped) throw new HecktorError('INTERRUPTED');
      post({ type: 'progress', stage, fraction });
    },
    onInterim: ({ value, transfer }) => post({ type: 'interim', value }, transfer),
  };
  const fail = (error: unknown): void => post({ type: 'error', error: toErrorMessage(error) });
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const run = (data: Data): void =>
    void (async () => job(data, context))().then(
      ({ value, transfer }) => post({ type: 'result', value }, transfer),
      fail,
    );
  parentPort?.on('message', (message: Data | typeof STOP) => {
    if (message === STOP) stopped = true;
    else run(message);
  });
  run(workerData as Data);
}
