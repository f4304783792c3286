import { fileURLToPath } from 'node:url';
import { isDebug, readConfig, type RunConfig } from './config.ts';
import { createLogger } from './create-logger.ts';
import type { Log } from './log.ts';
import { runMain } from './run-main.ts';

/** What a container's program has at hand. The files lie beside the bundled program. */
export interface Program {
  readonly config: RunConfig;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Entry file of the compute worker. */
  readonly worker: URL;
  /** Entry file of the kernel threads. */
  readonly kernelWorker: URL;
  /** Resources beside the program. */
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
        config: readConfig(env),
        log,
        env,
        worker: beside('worker.mjs'),
        kernelWorker: beside('kernel-worker.mjs'),
        resources: fileURLToPath(beside('resources')),
      }),
    { log, debug },
  );
}
