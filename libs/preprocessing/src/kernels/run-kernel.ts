import { averageSlices } from './average-slices.ts';
import { evaluateSlices } from './evaluate-slices.ts';
import { filterColumns } from './filter-columns.ts';
import { filterSlices } from './filter-slices.ts';
import type { KernelJob, KernelRunner } from './kernel-job.ts';

/** Executes one job, synchronously, in the calling thread. */
export function runKernel(job: KernelJob): void {
  switch (job.kind) {
    case 'filter-slices':
      return filterSlices(job);
    case 'filter-columns':
      return filterColumns(job);
    case 'evaluate':
      return evaluateSlices(job);
    case 'average':
      return averageSlices(job);
  }
}

/** Runs jobs one after another in the calling thread. */
export const runInline: KernelRunner = async (jobs) => {
  for (const job of jobs) runKernel(job);
};
