import { parentPort } from 'node:worker_threads';
import { toErrorMessage } from './error-message.ts';
import { drainJobs, type KernelRequest } from './kernel-protocol.ts';

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
