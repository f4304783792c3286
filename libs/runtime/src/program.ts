import { fileURLToPath } from 'node:url';
import { writeSync } from 'node:fs';
import type { HecktorError } from '@hecktor/errors';
import { isDebug, readConfig, type RunConfig } from './config.ts';
import { createLogger } from './logger.ts';
import type { Log } from './log.ts';
import { stackOf, toHecktorError } from './error-message.ts';
import { workersAreLeaving, workersHaveLeft } from './supervise-worker.ts';

/** What a container's program has at hand. The files lie beside the bundled program. */
export interface Program {
  readonly config: RunConfig;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly worker: URL;
  readonly kernelWorker: URL;
  readonly resources: string;
}

/**
 * Starts a container's program: the first log line is out before `run` loads anything heavy, and
 * every error ends as one line on stderr with its exit code.
 *
 * @param about - The task's name, the version, and `import.meta.url` of the program.
 */
export async function startProgram(
  about: { readonly task: string; readonly version: string; readonly url: string },
  run: (program: Program) => Promise<void>,
): Promise<void> {
  const { env } = process;
  // ONNX Runtime's usage data stay out of every run. It reads the process's own environment, which
  // a worker thread cannot change.
  env['ORT_DISABLE_TELEMETRY'] = '1';
  const debug = isDebug(env);
  const log = createLogger({ base: { task: about.task }, debug });
  log.info('starting', { version: about.version, node: process.version });
  const beside = (name: string) => new URL(`./${name}`, about.url);
  await runMain(
    () =>
      run({
        config: readConfig(env, process.argv.slice(2)),
        log,
        env,
        worker: beside('worker.mjs'),
        kernelWorker: beside('kernel-worker.mjs'),
        resources: fileURLToPath(beside('resources')),
      }),
    { log, debug },
  );
}

interface RunMainOptions {
  log: Log;
  debug: boolean;
  exit?: (code: number) => void;
  /** Writes to stderr. Default: synchronously, so that nothing is lost. */
  writeError?: (text: string) => void;
}

/**
 * Runs a program to its end and exits. On failure the message of the HecktorError is the last line
 * of stderr (the only one the platform shows), and its exit code that of the process. Workers that
 * were asked to stop are waited for; one that is stuck in native code does not keep the process.
 * After success, too: a worker may have been given up for the best answer that it had handed over.
 */
export async function runMain(main: () => Promise<void>, options: RunMainOptions): Promise<void> {
  const { exit = process.exit } = options;
  const fail = async (thrown: unknown): Promise<void> => {
    const { exitCode } = reportFailure(thrown, options);
    ((await workersHaveLeft()) ? exit : exitByForce)(exitCode);
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
  // The output is whole: a process that can leave past a busy worker does not wait for it.
  const mayExit = 'execve' in process ? !workersAreLeaving() : await workersHaveLeft();
  (mayExit ? exit : exitByForce)(0);
}

/**
 * Tells of a failed run: its code in the log and the message as one line on stderr, after the stack
 * when debugging. Returns the error.
 */
export function reportFailure(
  thrown: unknown,
  { log, debug, writeError = writeErrorSync }: Omit<RunMainOptions, 'exit'>,
): HecktorError {
  const error = toHecktorError(thrown);
  log.error('run failed', { code: error.code, exitCode: error.exitCode });
  if (debug) writeError(`${stackOf(error)}\n`);
  writeError(`${error.message.replace(/\s*\n\s*/g, ' ')}\n`);
  return error;
}

function writeErrorSync(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // A closed or full stderr: the exit code still tells.
  }
}

/** Node 22.15 and newer have it; not known to the types of the oldest Node that is supported. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Ends the process although a thread is stuck in native code, for which `process.exit` would wait
 * forever: the process becomes another one that only exits. An older Node has no way to leave with a
 * code of its own: there SIGTERM ends it (143), not SIGKILL (137), which platforms show as out of
 * memory.
 */
function exitByForce(code: number): void {
  const { execve } = process as { execve?: Execve };
  const file = process.execPath;
  // Options in the environment could preload what does not end.
  const env = { ...process.env, NODE_OPTIONS: '' };
  execve?.(file, [file, '-e', `process.exit(${code})`], env);
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
  process.kill(process.pid, 'SIGKILL');
}
