import { writeSync } from 'node:fs';
import { stackOf } from './error-message.ts';
import { exitByForce } from './exit-by-force.ts';
import { workersHaveLeft } from './leaving-workers.ts';
import type { Log } from './log.ts';
import { toHecktorError } from './to-hecktor-error.ts';

/** Options of {@link runMain}. */
export interface RunMainOptions {
  log: Log;
  /** Print stack traces. */
  debug: boolean;
  /** Ends the process. Default: `process.exit`. */
  exit?: (code: number) => void;
  /** Writes to stderr. Default: synchronously, so that nothing is lost. */
  writeError?: (text: string) => void;
}

/**
 * Runs a program to its end and exits. On failure the message of the HecktorError is the last line
 * of stderr (the only one the platform shows), and its exit code that of the process. Workers that
 * were asked to stop are waited for; one that is stuck in native code does not keep the process.
 */
export async function runMain(main: () => Promise<void>, options: RunMainOptions): Promise<void> {
  const { log, debug, exit = process.exit, writeError = writeErrorSync } = options;
  const fail = async (thrown: unknown): Promise<void> => {
    const error = toHecktorError(thrown);
    log.error('run failed', { code: error.code, exitCode: error.exitCode });
    if (debug) writeError(`${stackOf(error)}\n`);
    writeError(`${error.message.replace(/\s*\n\s*/g, ' ')}\n`);
    const end = (await workersHaveLeft()) ? exit : exitByForce;
    end(error.exitCode);
  };
  const onFault = (thrown: unknown): void => void fail(thrown);
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  try {
    await main();
  } catch (error) {
    return await fail(error);
  } finally {
    process.off('uncaughtException', onFault);
    process.off('unhandledRejection', onFault);
  }
  exit(0);
}

function writeErrorSync(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // A closed or full stderr: the exit code still tells.
  }
}
