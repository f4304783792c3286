/** Request to a kernel worker: jobs, and a shared counter that hands out the next one. */
export interface KernelRequest<Job> {
  readonly jobs: readonly Job[];
  readonly next: Int32Array;
}

/**
 * Runs jobs until none is left. Every thread that shares `next` takes part, so a thread that was
 * given a long job simply takes fewer of them.
 */
export function drainJobs<Job>(request: KernelRequest<Job>, runKernel: (job: Job) => void): void {
  const { jobs, next } = request;
  try {
    for (;;) {
      const index = Atomics.add(next, 0, 1);
      if (index >= jobs.length) return;
      runKernel(jobs[index]!);
    }
  } catch (error) {
    // The result is lost either way: spare the other threads the rest.
    Atomics.store(next, 0, jobs.length);
    throw error;
  }
}
