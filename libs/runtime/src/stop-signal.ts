import { HecktorError } from '@hecktor/errors';
import type { Deadline } from './deadline.ts';
import { heldSignal, STOP_SIGNALS } from './held-signals.ts';

/** Ends a run from outside; `signal.reason` is the HecktorError TIMEOUT or INTERRUPTED. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** An abort signal that fires at the deadline and at the signals that end a run, also held ones. */
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
  for (const name of STOP_SIGNALS) target.on(name, stop);
  const held = heldSignal();
  if (held !== undefined) stop(held);
  return {
    signal: controller.signal,
    dispose() {
      cancelTimer();
      for (const name of STOP_SIGNALS) target.off(name, stop);
    },
  };
}
