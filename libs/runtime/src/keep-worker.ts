import { Worker } from 'node:worker_threads';
import type { WorkerMessage } from './serve-job.ts';

/** A worker thread for job after job. */
export interface KeptWorker {
  /** Gives a job's data to the idle thread, or to a new one. */
  start(data: unknown): Worker;
  /**
   * Takes a thread back whose job went well. One whose job failed or was stopped is not taken back:
   * the next job gets a new thread, so that nothing of a failure is left.
   */
  giveBack(worker: Worker): void;
  close(): Promise<void>;
}

/** @param url - Entry file of the thread, which calls `serveJob`. */
export function keepWorker(url: URL): KeptWorker {
  let idle: Worker | undefined;
  const take = (): Worker | undefined => {
    const worker = idle;
    idle = undefined;
    if (worker !== undefined) silence(worker);
    return worker;
  };
  return {
    start(data) {
      const worker = take();
      if (worker === undefined) return new Worker(url, { workerData: data });
      worker.postMessage(data);
      return worker;
    },
    giveBack(worker) {
      silence(worker);
      idle = worker;
      // Something that the job left running has failed.
      worker.on('message', ({ type }: WorkerMessage) => {
        if (type === 'error') void take()?.terminate();
      });
      worker.on('error', take);
      worker.on('exit', take);
    },
    async close() {
      await take()?.terminate();
    },
  };
}

function silence(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
