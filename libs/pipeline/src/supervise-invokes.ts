import type { Task } from '@hecktor/case-io';
import {
  createDeadline,
  createProgress,
  createStopSignal,
  grantedCpus,
  keepWorker,
  reportFailure,
  serveInvokes,
  superviseWorker,
  workersHaveLeft,
  type Deadline,
  type Program,
} from '@hecktor/runtime';
import type { CaseJob } from './case-job.ts';
import { superviseCase, timeLimitOf } from './supervise-case.ts';

/** A server ends at a signal alone. */
const NEVER: Deadline = {
  remainingMs: () => Infinity,
  marginMs: 0,
  onReached: () => () => undefined,
};

/**
 * Serves case after case over HTTP, on the main thread of a container: checks recipe and networks,
 * says that it is ready, and takes each case through {@link superviseCase}. The compute thread and its
 * networks stay for the next case; a case that fails or hangs costs them.
 *
 * @throws HecktorError for what would make every case fail, and CONFIG_INVALID for a port that is taken.
 */
export async function superviseInvokes(task: Task, program: Program): Promise<void> {
  const { config, log } = program;
  const limitS = timeLimitOf(task, program);
  const worker = keepWorker(program.worker);
  const end = createStopSignal(NEVER, limitS);
  const invoke = async (gone: AbortSignal): Promise<void> => {
    const startedAt = Date.now();
    // A thread that was stopped still holds memory and CPUs; one that is stuck is not waited for.
    await workersHaveLeft();
    const deadline = createDeadline({ limitS, startedAt });
    const stop = createStopSignal(deadline, limitS);
    try {
      await superviseCase(task, program, {
        ...{ startedAt, deadline, worker },
        signal: AbortSignal.any([stop.signal, gone]),
        interrupted: AbortSignal.any([stop.interrupted, gone]),
      });
    } finally {
      stop.dispose();
    }
  };
  try {
    await superviseWorker<undefined>({
      worker,
      data: checkJob(task, program),
      signal: end.signal,
      log,
      progress: createProgress({ log }),
    });
    await serveInvokes({
      port: config.port,
      invoke,
      onFailure: (thrown) => reportFailure(thrown, { log, debug: config.debug }).message,
      signal: end.signal,
      log,
    });
  } finally {
    await worker.close();
    end.dispose();
  }
}

/** Has the compute thread load its code and check what no case can change. */
function checkJob(task: Task, { config, resources, kernelWorker }: Program): CaseJob {
  return {
    task,
    folders: { modelFolder: config.modelFolder, resources: config.resources ?? resources },
    threads: config.threads ?? grantedCpus(),
    kernelWorker: kernelWorker.href,
    deadlineAt: Infinity,
  };
}
