import { evaluate } from './evaluate.ts';
import { filterColumns, filterSlices } from './filter.ts';
import type { KernelJob, KernelRunner } from './kernel-job.ts';

/** Executes one job, synchronously, in the calling thread. */
export function runKernel(job: KernelJob): void {
  switch (job.kind) {
    case 'filter-slices':
      return filterSlices(job);
    case 'filter-columns':
      return filterColumns(job);
    case 'evaluate':
      return evaluate(job);
  }
}

/** Runs jobs one after another in the calling thread. */
export const runInline: KernelRunner = async (jobs) => {
  for (const job of jobs) runKernel(job);
};
