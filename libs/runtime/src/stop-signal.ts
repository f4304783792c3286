import { HecktorError } from '@hecktor/errors';
import { heldSignal, STOP_SIGNALS } from './held-signals.ts';

/** A point in time that a run must not pass. */
export interface Deadline {
  /** Milliseconds left; negative when it has passed. */
  remainingMs(): number;
  /** Time between it and the limit. */
  readonly marginMs: number;
  /** Calls back once when the time is up. Returns a function that cancels this. */
  onReached(callback: () => void): () => void;
}

interface DeadlineOptions {
  /** Wall-clock limit, s, counted from `startedAt`. */
  limitS: number;
  /** Time kept for ending in order, s. Default: 5 % of the limit, at most 30 s. */
  marginS?: number;
  /** Start of the run on the clock of `now`, ms. Default: start of the process. */
  startedAt?: number;
  now?: () => number;
}

/** A deadline a margin before the platform's limit, so that a run ends with words, not a kill. */
export function createDeadline(options: DeadlineOptions): Deadline {
  const now = options.now ?? Date.now;
  const margin = options.marginS ?? Math.min(30, 0.05 * options.limitS);
  const start = options.startedAt ?? now() - process.uptime() * 1000;
  const end = start + (options.limitS - margin) * 1000;
  const remainingMs = () => end - now();
  return {
    remainingMs,
    marginMs: margin * 1000,
    onReached(callback) {
      // A timer holds at most 2^31-1 ms.
      const delay = Math.min(Math.max(0, remainingMs()), 2 ** 31 - 1);
      const timer = setTimeout(callback, delay).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Ends a run from outside; `signal.reason` is the HecktorError TIMEOUT or INTERRUPTED. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Does not fire at the deadline: for what still has to be done then. */
  readonly interrupted: AbortSignal;
  dispose(): void;
}

/** An abort signal that fires at the deadline and at the signals that end a run, also held ones. */
export function createStopSignal(
  deadline: Deadline,
  limitS: number,
  target: NodeJS.EventEmitter = process,
): StopSignal {
  const controller = new AbortController();
  const interruption = new AbortController();
  const detail = `HECKTOR_TIME_LIMIT_S is ${limitS} s`;
  const cancelTimer = deadline.onReached(() =>
    controller.abort(new HecktorError('TIMEOUT', { detail })),
  );
  const stop = (name: NodeJS.Signals): void => {
    const reason = new HecktorError('INTERRUPTED', { detail: `received ${name}` });
    interruption.abort(reason);
    controller.abort(reason);
  };
  for (const name of STOP_SIGNALS) target.on(name, stop);
  const held = heldSignal();
  if (held !== undefined) stop(held);
  return {
    signal: controller.signal,
    interrupted: interruption.signal,
    dispose() {
      cancelTimer();
      for (const name of STOP_SIGNALS) target.off(name, stop);
    },
  };
}
