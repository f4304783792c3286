import { runKernel, type KernelJob } from '@hecktor/preprocessing';
import { createKernelPool, createStageTimer, freeMemory, serveJob } from '@hecktor/runtime';
import type { JobResult } from '@hecktor/runtime';
import type { RunContext } from '../segmentation/run-context.ts';
import type { CaseJob } from './job.ts';
import { nameImageFile } from './name-image-file.ts';

/** Runs the one case of a compute worker with a pool of kernel threads beside it. */
export function serveCase(
  compute: (job: CaseJob, context: RunContext) => Promise<JobResult>,
): void {
  serveJob<CaseJob>(async (job, { log, onProgress }) => {
    const pool = createKernelPool<KernelJob>({
      worker: new URL(job.kernelWorker),
      threads: job.threads,
      runKernel,
    });
    try {
      return await compute(job, {
        log,
        onProgress,
        timer: createStageTimer(),
        threads: job.threads,
        remainingMs: () => job.deadlineAt - Date.now(),
        imagesDone: async () => {
          await pool.close();
          freeMemory();
        },
        ...(job.threads > 1 && { run: pool.run }),
      });
    } catch (error) {
      throw nameImageFile(error, job.images);
    } finally {
      await pool.close();
    }
  });
}
