import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HecktorError } from '@hecktor/errors';
import { fromErrorMessage, toHecktorError } from './error-message.ts';
import type { KeptWorker } from './keep-worker.ts';
import type { Log } from './log.ts';
import type { Progress } from './progress.ts';
import { STOP, type WorkerMessage } from './serve-job.ts';

/** With the time that is kept before the limit it ends most runs before the platform would. */
const GRACE_MS = 8_000;
/** A thread that runs JavaScript ends at once when told to; longer, and native code holds it. */
const TERMINATION_MS = 2_000;

export interface SuperviseOptions<T = unknown> {
  /** Entry file of the worker, which calls `serveJob`; or one that is kept for job after job. */
  worker: URL | KeptWorker;
  /** The job's data; must be structured-cloneable. */
  data: unknown;
  /** Ends the worker when aborted; its reason becomes the error. */
  signal: AbortSignal;
  /** Time a worker has to stop by itself before it is ended by force, ms. Default: 8000. */
  graceMs?: number;
  /** Takes each result that the job hands over before it is done, a better one each time. */
  onInterim?: (result: T) => void;
  log: Log;
  progress: Progress;
}

/**
 * Runs a job in a worker thread, as ONNX Runtime blocks the thread it runs on, and passes on its
 * log lines and progress.
 *
 * A worker inside a native call stops after that call. The promise does not wait for it; the exit of
 * the process does, see `workersHaveLeft`.
 *
 * @returns What the job gave back.
 * @throws HecktorError of the job, the signal's reason, or INTERNAL if the worker just ended.
 */
export function superviseWorker<T>(options: SuperviseOptions<T>): Promise<T> {
  const { signal, log, progress } = options;
  if (signal.aborted) return Promise.reject(toHecktorError(signal.reason));
  const kept = options.worker instanceof URL ? undefined : options.worker;
  const worker =
    options.worker instanceof URL
      ? new Worker(options.worker, { workerData: options.data })
      : options.worker.start(options.data);
  return new Promise<T>((resolve, reject) => {
    let ended = false;
    const end = (finish: () => void): void => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', abort);
      progress.stop();
      finish();
    };
    const abort = (): void =>
      end(() => {
        reject(toHecktorError(signal.reason));
        noteLeavingWorker(stopWorker(worker, options.graceMs ?? GRACE_MS));
      });
    signal.addEventListener('abort', abort);
    worker.on('message', (message: WorkerMessage) => {
      if (ended) return;
      const over = (finish: () => void): void => {
        end(finish);
        void worker.terminate();
      };
      if (message.type === 'log') log[message.level](message.message, message.fields);
      else if (message.type === 'progress') progress.update(message.stage, message.fraction);
      else if (message.type === 'interim') options.onInterim?.(message.value as T);
      else if (message.type === 'error') over(() => reject(fromErrorMessage(message.error)));
      else if (kept === undefined) over(() => resolve(message.value as T));
      else {
        end(() => resolve(message.value as T));
        kept.giveBack(worker);
      }
    });
    worker.on('error', (error) => end(() => reject(toHecktorError(error))));
    worker.on('exit', (code) => {
      const detail = `the compute thread ended with code ${code}`;
      end(() => reject(new HecktorError('INTERNAL', { detail })));
    });
  });
}

/**
 * Asks a worker to stop, and ends it when it has, or when its time is up.
 *
 * @returns False if it cannot be ended, as native code does not return.
 */
async function stopWorker(worker: Worker, graceMs: number): Promise<boolean> {
  worker.postMessage(STOP);
  const stopped = new Promise<void>((resolve) => {
    worker.on('message', ({ type }: WorkerMessage) => {
      if (type === 'error' || type === 'result') resolve();
    });
    worker.on('exit', resolve);
  });
  // The worker keeps the process alive, not these timers.
  await Promise.race([stopped, delay(graceMs, undefined, { ref: false })]);
  const terminated = worker.terminate().then(() => true);
  return Promise.race([terminated, delay(TERMINATION_MS, false, { ref: false })]);
}

const leaving = new Set<Promise<boolean>>();

/**
 * Notes a worker that has been asked to stop; `stopped` settles when it is safe to go on, with false
 * if the worker is stuck in native code and will never leave.
 */
function noteLeavingWorker(stopped: Promise<boolean>): void {
  leaving.add(stopped);
  // A process with a stuck one can only be left by force, however long it goes on meanwhile.
  void stopped.then((hasLeft) => hasLeft && leaving.delete(stopped));
}

/** Whether a worker that was asked to stop is still there. */
export function workersAreLeaving(): boolean {
  return leaving.size > 0;
}

/**
 * Waits for the workers that were asked to stop. A process must not exit before: ending a thread
 * inside ONNX Runtime's native code aborts the whole process, with exit code 134 and the native
 * library's words as the last line of stderr.
 *
 * @returns Whether all have left; an ordinary exit would wait forever for one that has not.
 */
export async function workersHaveLeft(): Promise<boolean> {
  return (await Promise.all(leaving)).every(Boolean);
}
