/** The signals by which a person, a shell or a platform ends a run. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

let held: NodeJS.Signals | undefined;

/**
 * Catches the signals that end a run from now on: without a handler they would end it without
 * words. Call it before anything else is loaded; `createStopSignal` takes what came meanwhile.
 */
export function holdSignals(): void {
  for (const name of STOP_SIGNALS) process.on(name, () => (held ??= name));
}

/** The first signal that was caught. */
export function heldSignal(): NodeJS.Signals | undefined {
  return held;
}
