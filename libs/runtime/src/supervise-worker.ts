import { Worker } from 'node:worker_threads';
import { HecktorError } from '@hecktor/errors';
import { fromErrorMessage } from './error-message.ts';
import type { Log } from './log.ts';
import type { Progress } from './progress.ts';
import { toHecktorError } from './to-hecktor-error.ts';
import type { WorkerMessage } from './worker-protocol.ts';

/** Options of {@link superviseWorker}. */
export interface SuperviseOptions {
  /** Entry file of the worker, which calls `serveJob`. */
  worker: URL;
  /** The job's data; must be structured-cloneable. */
  data: unknown;
  /** Ends the worker when aborted; its reason becomes the error. */
  signal: AbortSignal;
  log: Log;
  progress: Progress;
}

/**
 * Runs a job in a worker thread, as ONNX Runtime blocks the thread it runs on, and passes on its
 * log lines and progress.
 *
 * A worker inside a native call ends only after that call; the promise does not wait for it.
 *
 * @returns What the job gave back.
 * @throws HecktorError of the job, the signal's reason, or INTERNAL if the worker just ended.
 */
export function superviseWorker<T>(options: SuperviseOptions): Promise<T> {
  const { signal, log, progress } = options;
  if (signal.aborted) return Promise.reject(toHecktorError(signal.reason));
  const worker = new Worker(options.worker, { workerData: options.data });
  return new Promise<T>((resolve, reject) => {
    let ended = false;
    const end = (finish: () => void): void => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', abort);
      progress.stop();
      finish();
      void worker.terminate();
    };
    const abort = (): void => end(() => reject(toHecktorError(signal.reason)));
    signal.addEventListener('abort', abort);
    worker.on('message', (message: WorkerMessage) => {
      if (ended) return;
      if (message.type === 'log') log[message.level](message.message, message.fields);
      else if (message.type === 'progress') progress.update(message.stage, message.fraction);
      else if (message.type === 'error') end(() => reject(fromErrorMessage(message.error)));
      else end(() => resolve(message.value as T));
    });
    worker.on('error', (error) => end(() => reject(toHecktorError(error))));
    worker.on('exit', (code) =>
      end(() =>
        reject(
          new HecktorError('INTERNAL', { detail: `the compute thread ended with code ${code}` }),
        ),
      ),
    );
  });
}
