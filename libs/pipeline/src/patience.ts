import { isHecktorError } from '@hecktor/errors';

/** What ends a worker. */
export interface Patience {
  readonly signal: AbortSignal;
  /** There is an answer: at the deadline nothing more is waited for. */
  answered(): void;
  /** The worker is done. */
  dispose(): void;
}

/**
 * Waits on at the deadline for a worker that has no answer yet: it will soon have one, and the time
 * that is kept for the end is of no use without.
 *
 * @param signal - Fires at the deadline, and when the run is interrupted.
 * @param interrupted - Fires when the run is interrupted.
 * @param extraMs - How long.
 */
export function createPatience(
  signal: AbortSignal,
  interrupted: AbortSignal,
  extraMs: number,
): Patience {
  const controller = new AbortController();
  const done = new AbortController();
  const whileRunning = { signal: done.signal };
  let [isLate, hasAnswer] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => controller.abort(signal.reason);
  const onAbort = (): void => {
    if (hasAnswer || extraMs <= 0 || !isHecktorError(signal.reason, 'TIMEOUT')) return end();
    isLate = true;
    timer = setTimeout(end, extraMs).unref();
  };
  const interrupt = (): void => controller.abort(interrupted.reason);
  interrupted.addEventListener('abort', interrupt, whileRunning);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, whileRunning);
  return {
    signal: controller.signal,
    answered() {
      hasAnswer = true;
      if (isLate) end();
    },
    dispose() {
      done.abort();
      clearTimeout(timer);
    },
  };
}
