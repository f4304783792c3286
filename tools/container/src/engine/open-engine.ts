import { HecktorError } from '@hecktor/errors';
import { exec, type ExecOptions, type ExecResult } from './exec.ts';
import { streamOf, type Streaming } from './stream-of.ts';

/** Container engines whose command line we speak. */
export type EngineName = 'docker' | 'podman';

/** A container engine that has answered. */
export interface Engine {
  readonly name: EngineName;
  /** Runs the engine's command; a non-zero exit is a result. */
  exec(args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /**
   * Runs the engine's command and returns its stdout.
   * @throws HecktorError ENGINE_FAILED for a non-zero exit, with the engine's last words.
   */
  require(args: readonly string[], options?: ExecOptions): Promise<string>;
  /** Runs the engine's command and hands out its stdout as it comes. */
  stream(args: readonly string[]): Streaming;
}

/**
 * Finds the engine and asks whether it runs.
 *
 * @throws HecktorError ENGINE_NOT_FOUND when the command is absent or its daemon does not answer.
 */
export async function openEngine(name: EngineName, run: typeof exec = exec): Promise<Engine> {
  const { code, stderr, stdout } = await run(name, ['info', '--format', '{{json .}}']);
  if (code === 127) {
    throw new HecktorError('ENGINE_NOT_FOUND', { detail: `there is no command "${name}"` });
  }
  // Docker's client exits with 0 and puts the daemon's silence into stderr or a field.
  const silence = /cannot connect|permission denied|is the docker daemon running/i;
  if (code !== 0 || silence.test(stderr) || silence.test(stdout)) {
    throw new HecktorError('ENGINE_NOT_FOUND', {
      detail: `"${name} info" says: ${lastLine(stderr)}`,
      ...(/permission denied/i.test(stderr)
        ? {
            cause: 'this user may not talk to the engine',
            fix: 'add the user to the group "docker" and log in again',
          }
        : {}),
    });
  }
  return createEngine(name, run);
}

/** An engine taken on trust, for callers that have checked it or replace it in tests. */
export function createEngine(name: EngineName, run: typeof exec = exec): Engine {
  return {
    name,
    exec: (args, options) => run(name, args, options),
    stream: (args) => streamOf(name, args),
    async require(args, options) {
      const { code, stdout, stderr } = await run(name, args, options);
      if (code === 0) return stdout;
      throw new HecktorError('ENGINE_FAILED', {
        detail: `"${name} ${args[0] ?? ''}" ended with code ${code}: ${lastLine(stderr || stdout)}`,
        cause: 'the engine names it above',
      });
    },
  };
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
