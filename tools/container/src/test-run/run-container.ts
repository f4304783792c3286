import { HecktorError } from '@hecktor/errors';
import { lastLine, type Engine } from '../engine/open-engine.ts';
import type { ExecResult } from '../engine/exec.ts';
import { runArgs, type RunArgs } from './run-args.ts';

/** Options of {@link runContainer}. */
export interface RunContainerOptions extends Omit<RunArgs, 'container'> {
  /** Wall-clock limit, s. */
  timeLimit: number;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** A run that ended well. */
export interface RunFacts {
  /** From the start of the container to its end, s. */
  readonly seconds: number;
  /** From the start of the container to its first line of output, s; undefined if there is none. */
  readonly startUp: number | undefined;
}

/** How long a container may take to end after SIGTERM, s. */
const GRACE = 10;

/**
 * Runs an image once under the platform's rules and removes its container, whatever happens.
 *
 * @throws HecktorError TIMEOUT, OUT_OF_MEMORY, INTERRUPTED or CHECK_FAILED (any other exit code).
 */
export async function runContainer(
  engine: Engine,
  options: RunContainerOptions,
): Promise<RunFacts> {
  const container = `hecktor-test-run-${process.pid}-${Date.now()}`;
  const stopped = stopper(engine, container, options.timeLimit);
  let firstLineAt: number | undefined;
  try {
    const result = await engine.exec(runArgs({ ...options, container }), {
      onLine: (line, stream) => {
        firstLineAt ??= Date.now();
        options.onLine?.(line, stream);
      },
    });
    const state = await inspect(engine, container);
    const reason = stopped.reason();
    if (reason === 'signal') throw new HecktorError('INTERRUPTED');
    if (reason === 'time') {
      throw new HecktorError('TIMEOUT', {
        detail: `the container ran for more than ${options.timeLimit} s`,
      });
    }
    assertExit(result, state);
    const began = Date.parse(state!.StartedAt);
    return {
      seconds: (Date.parse(state!.FinishedAt) - began) / 1000,
      startUp: firstLineAt === undefined ? undefined : (firstLineAt - began) / 1000,
    };
  } finally {
    stopped.dispose();
    await engine.exec(['rm', '--force', '--volumes', container]);
  }
}

interface State {
  ExitCode: number;
  OOMKilled: boolean;
  StartedAt: string;
  FinishedAt: string;
}

function assertExit(result: ExecResult, state: State | undefined): void {
  if (state === undefined || (result.code !== 0 && result.code !== state.ExitCode)) {
    throw new HecktorError('ENGINE_FAILED', {
      detail: `the container did not start: ${lastLine(result.stderr)}`,
    });
  }
  if (state.OOMKilled || state.ExitCode === 137) {
    throw new HecktorError('OUT_OF_MEMORY', { detail: 'the container was killed' });
  }
  if (state.ExitCode !== 0) {
    throw new HecktorError('CHECK_FAILED', {
      detail: `the container ended with exit code ${state.ExitCode}, saying: ${(
        lastLine(result.stderr) ||
        lastLine(result.stdout) ||
        'nothing'
      ).replace(/\.$/, '')}`,
      cause: 'the program ended with an error',
      fix: 'correct what that line names; DEBUG=1 in front of the command shows more',
    });
  }
}

async function inspect(engine: Engine, container: string): Promise<State | undefined> {
  const { code, stdout } = await engine.exec(['container', 'inspect', container]);
  if (code !== 0) return undefined;
  return (JSON.parse(stdout) as { State: State }[])[0]?.State;
}

/** Stops the container when its time is up or when the person at the keyboard has had enough. */
function stopper(engine: Engine, container: string, timeLimit: number) {
  let reason: 'time' | 'signal' | undefined;
  const stop = (why: 'time' | 'signal') => {
    reason ??= why;
    void engine.exec(['stop', '--time', String(GRACE), container]);
  };
  const onSignal = () => stop('signal');
  const timer = setTimeout(() => stop('time'), timeLimit * 1000);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    reason: () => reason,
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
