import { HecktorError } from '@hecktor/errors';
import type { Deadline } from './deadline.ts';

/** Ends a run from outside; `signal.reason` is the HecktorError TIMEOUT or INTERRUPTED. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** An abort signal that fires at the deadline, at SIGTERM and at SIGINT. */
export function createStopSignal(
  deadline: Deadline,
  limitS: number,
  target: NodeJS.EventEmitter = process,
): StopSignal {
  const controller = new AbortController();
  const cancelTimer = deadline.onReached(() =>
    controller.abort(
      new HecktorError('TIMEOUT', { detail: `HECKTOR_TIME_LIMIT_S is ${limitS} s` }),
    ),
  );
  const stop = (name: NodeJS.Signals) =>
    controller.abort(new HecktorError('INTERRUPTED', { detail: `received ${name}` }));
  target.on('SIGTERM', stop);
  target.on('SIGINT', stop);
  return {
    signal: controller.signal,
    dispose() {
      cancelTimer();
      target.off('SIGTERM', stop);
      target.off('SIGINT', stop);
    },
  };
}
