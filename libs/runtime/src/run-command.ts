import { HecktorError } from '@hecktor/errors';
import { toHecktorError } from './error-message.ts';
import { STOP_SIGNALS } from './held-signals.ts';

/**
 * Runs a command to its exit code. Ctrl-C and the system's signals end it in order, by the signal that
 * it is given; an error ends it in words.
 */
export async function runCommand(main: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) {
    // Not once: a second signal must not end the program before it has put things in order.
    process.on(name, () =>
      stop.abort(new HecktorError('INTERRUPTED', { detail: `received ${name}` })),
    );
  }
  try {
    process.exitCode = await main(stop.signal);
  } catch (thrown) {
    const error = toHecktorError(thrown);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
