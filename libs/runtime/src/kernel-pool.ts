import { Worker, parentPort } from 'node:worker_threads';
import { HecktorError } from '@hecktor/errors';
import { fromErrorMessage, toErrorMessage, toHecktorError } from './error-message.ts';
import type { ErrorMessage } from './error-message.ts';

/** Threads that share out kernels of preprocessing. */
export interface KernelPool<Job> {
  /**
   * Runs all jobs and resolves when the last is done. The arrays in the jobs must lie on
   * SharedArrayBuffers, or the workers would fill copies.
   *
   * @throws the HecktorError of the first job that failed.
   */
  readonly run: (jobs: readonly Job[]) => Promise<void>;
  close(): Promise<void>;
}

interface KernelPoolOptions<Job> {
  /** Entry file of the worker threads, which calls `serveKernels`. */
  worker: URL;
  /** Threads that compute, the calling one included: one fewer is started. */
  threads: number;
  runKernel: (job: Job) => void;
}

/** Starts the threads of a pool; they load while the caller goes on. */
export function createKernelPool<Job>(options: KernelPoolOptions<Job>): KernelPool<Job> {
  const helpers = Array.from({ length: Math.max(0, options.threads - 1) }, () =>
    startHelper<Job>(options.worker),
  );
  return {
    async run(jobs) {
      const next = new Int32Array(new SharedArrayBuffer(4));
      const request: KernelRequest<Job> = { jobs, next };
      const answers = helpers.slice(0, jobs.length - 1).map((helper) => helper.ask(request));
      const own = (async () => drainJobs(request, options.runKernel))();
      const results = await Promise.allSettled([own, ...answers]);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw toHecktorError(failed.reason);
    },
    async close() {
      await Promise.all(helpers.map((helper) => helper.end()));
    },
  };
}

/** Starts one thread, which answers one request at a time. */
function startHelper<Job>(url: URL) {
  const worker = new Worker(url);
  let pending: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let broken: Error | undefined;
  const fail = (error: Error): void => {
    broken ??= error;
    pending?.reject(broken);
    pending = undefined;
  };
  worker.on('message', (answer: ErrorMessage | undefined) => {
    if (answer === undefined) pending?.resolve();
    else pending?.reject(fromErrorMessage(answer));
    pending = undefined;
  });
  worker.on('error', (error) => fail(toHecktorError(error)));
  worker.on('exit', (code) =>
    fail(new HecktorError('INTERNAL', { detail: `a kernel thread ended with code ${code}` })),
  );
  return {
    ask(request: KernelRequest<Job>): Promise<void> {
      if (broken !== undefined) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        pending = { resolve, reject };
        worker.postMessage(request);
      });
    },
    end: () => worker.terminate(),
  };
}

/** Request to a kernel worker: jobs, and a shared counter that hands out the next one. */
interface KernelRequest<Job> {
  readonly jobs: readonly Job[];
  readonly next: Int32Array;
}

/**
 * Runs jobs until none is left. Every thread that shares `next` takes part, so a thread that was
 * given a long job simply takes fewer of them.
 */
function drainJobs<Job>(request: KernelRequest<Job>, runKernel: (job: Job) => void): void {
  const { jobs, next } = request;
  try {
    for (let i: number; (i = Atomics.add(next, 0, 1)) < jobs.length;) runKernel(jobs[i]!);
  } catch (error) {
    // The result is lost either way: spare the other threads the rest.
    Atomics.store(next, 0, jobs.length);
    throw error;
  }
}

/** Makes this worker thread a member of a kernel pool. Call it once, in the worker's entry file. */
export function serveKernels<Job>(runKernel: (job: Job) => void): void {
  parentPort?.on('message', (request: KernelRequest<Job>) => {
    try {
      drainJobs(request, runKernel);
      parentPort?.postMessage(undefined);
    } catch (error) {
      parentPort?.postMessage(toErrorMessage(error));
    }
  });
}
