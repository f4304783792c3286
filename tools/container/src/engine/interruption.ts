import { HecktorError } from '@hecktor/errors';

/** What ends a target early: Ctrl-C, the system, a terminal that is closed. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that leaves containers, images or files behind unless it is let finish: a signal
 * aborts instead of ending the process, and further ones (Nx repeats them) do not cut the tidying
 * short.
 *
 * @param kept - What to say of the state that an interruption leaves.
 */
export async function withInterruption<T>(
  kept: string,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (why: string, cause: string) =>
    controller.abort(new HecktorError('INTERRUPTED', { detail: `${why}; ${kept}`, cause }));
  const stop = (name: string) =>
    abort(`received ${name}`, 'a person or the system ended the target');
  // After `| head` a write fails with an event, which would end the process on the spot.
  const unread = () =>
    abort('nobody reads its output any more', 'a pipe into a command that has ended, such as head');
  for (const name of SIGNALS) process.on(name, stop);
  // Never taken away: such an event may come late.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
  try {
    return await act(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
