import { HecktorError } from '@hecktor/errors';
import { setTimeout as pause } from 'node:timers/promises';
import { type Engine, engineWords } from '../engine/open-engine.ts';
import { type Usage, watchUsage } from './observe/usage.ts';
import { type Observation, startObserver, writtenPaths } from './observe/observer.ts';
import { type Calls, callServer, isServed } from './call-server.ts';
import { type Layout, MODEL_MOUNT, runArgs, type RunArgs } from './run-args.ts';
import type { Limits } from './limits.ts';

export interface RunContainerOptions extends Omit<RunArgs, 'container' | 'observer'> {
  /** For a server: called between its two cases. Default: the container runs once and ends. */
  between?: (() => Promise<void>) | undefined;
  /** Stops the container; its reason is thrown. */
  signal?: AbortSignal | undefined;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** A run that has ended, however it did. */
export interface RunFacts {
  /** Of a server that was stopped: 0 if it answered well, else 1, as the platform counts it. */
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Its time was up. */
  readonly timedOut: boolean;
  /** It did not end at SIGTERM and had to be killed. */
  readonly ignoredStop: boolean;
  /** From its start to its end, and to its first line of output if there is one, s. */
  readonly seconds: number;
  readonly startUp: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Of a server. */
  readonly calls?: Calls | undefined;
  /** Both undefined where they are not observable. */
  readonly usage: Usage | undefined;
  readonly observation: Observation | undefined;
  /** What was written to the root file system; undefined where that is read-only. */
  readonly changes: readonly string[] | undefined;
}

/** Who interrupts does not want to wait for what the container may still say. */
const PATIENCE_S = 2;
const GAP_MS = 200;

let runs = 0;

/** Runs an image once under the platform's rules, whatever comes of it, and removes its container. */
export async function runContainer(
  engine: Engine,
  options: RunContainerOptions,
): Promise<RunFacts> {
  const { limits, layout, signal, between } = options;
  const container = `hecktor-test-run-${process.pid}-${++runs}-${Date.now()}`;
  const clock = stopper(engine, container, limits, signal);
  const observer = await startObserver(engine, options.image, `${container}-observer`);
  const watch = watchUsage(engine, container);
  let firstLineAt: number | undefined;
  try {
    signal?.throwIfAborted();
    if (between === undefined) clock.start();
    const args = runArgs({ ...options, container, observer });
    let hasEnded = false;
    const running = engine
      .exec(args, {
        onLine: (line, stream) => {
          firstLineAt ??= Date.now();
          options.onLine?.(line, stream);
        },
      })
      .finally(() => (hasEnded = true));
    const serve = async (): Promise<Served | undefined> => {
      if (between === undefined) return undefined;
      const from = observer?.container ?? container;
      const { timeLimit, grace } = limits;
      const calls = await callServer(engine, {
        from,
        timeLimit,
        between,
        hasEnded: () => hasEnded,
      });
      if (hasEnded) return { calls, endedItself: true };
      await engine.exec(['stop', '--time', String(grace), container]);
      return { calls, endedItself: false };
    };
    const [result, served] = await Promise.all([running, serve()]);
    const usage = await watch.stop();
    const state = await inspect(engine, container);
    signal?.throwIfAborted();
    if (state === undefined || (result.code !== 0 && result.code !== state.ExitCode)) {
      throw notStarted(result.stderr);
    }
    const began = Date.parse(state.StartedAt);
    const timedOut = clock.isOver() || isLate(served, limits);
    return {
      exitCode: exitCodeOf(state, served),
      oomKilled: state.OOMKilled || (usage?.oomKills ?? 0) > 0,
      timedOut,
      ignoredStop: timedOut && state.ExitCode === 137,
      seconds: (Date.parse(state.FinishedAt) - began) / 1000,
      startUp: firstLineAt === undefined ? undefined : (firstLineAt - began) / 1000,
      stdout: result.stdout,
      stderr: result.stderr,
      calls: served?.calls,
      usage,
      observation: await observer?.read(),
      changes:
        options.writableRoot === true ? await rootChanges(engine, container, layout) : undefined,
    };
  } finally {
    clock.dispose();
    await watch.stop();
    await engine.exec(['rm', '--force', '--volumes', container]);
    await observer?.dispose();
  }
}

/** What came of calling a server. */
interface Served {
  readonly calls: Calls;
  /** Before it was stopped. */
  readonly endedItself: boolean;
}

function isLate(served: Served | undefined, { timeLimit }: Limits): boolean {
  const last = served?.calls.invokes.at(-1);
  return last?.status === 0 && last.seconds >= timeLimit;
}

function exitCodeOf({ ExitCode }: State, served: Served | undefined): number {
  if (served === undefined) return ExitCode;
  if (isServed(served.calls)) return 0;
  return (served.endedItself && ExitCode) || 1;
}

interface State {
  ExitCode: number;
  OOMKilled: boolean;
  StartedAt: string;
  FinishedAt: string;
}

async function inspect(engine: Engine, container: string): Promise<State | undefined> {
  const { code, stdout } = await engine.exec(['container', 'inspect', container]);
  if (code !== 0) return undefined;
  return (JSON.parse(stdout) as { State: State }[])[0]?.State;
}

async function rootChanges(engine: Engine, container: string, { input, output }: Layout) {
  const { code, stdout } = await engine.exec(['diff', container]);
  return code === 0 ? writtenPaths(stdout, [input, output, MODEL_MOUNT], engine.name) : undefined;
}

/** Stops the container when its time is up or when the person at the keyboard has had enough. */
function stopper(
  engine: Engine,
  container: string,
  { timeLimit, grace }: Limits,
  signal: AbortSignal | undefined,
) {
  let stopping: 'time' | 'signal' | undefined;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  const stop = async (why: 'time' | 'signal') => {
    if (stopping !== undefined) return;
    stopping = why;
    const args = ['stop', '--time', String(why === 'time' ? grace : PATIENCE_S), container];
    // Again for a container that is just about to be made.
    while (!disposed && (await engine.exec(args)).code !== 0) await pause(GAP_MS);
  };
  const onAbort = () => void stop('signal');
  signal?.addEventListener('abort', onAbort);
  return {
    isOver: () => stopping === 'time',
    start: () => {
      timer = setTimeout(() => void stop('time'), timeLimit * 1000);
    },
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Why a container did not start: limits that this machine cannot give, or what the engine says. */
export function notStarted(stderr: string): HecktorError {
  const cpus = /range of cpus is from [\d.]+ to ([\d.]+)/i.exec(stderr)?.[1];
  if (cpus !== undefined) {
    return new HecktorError('OPTION_INVALID', {
      detail: `the engine has ${Number(cpus)} CPUs, fewer than the container is to get`,
      cause: 'a small machine, or a desktop engine that was given few CPUs',
      fix: `give --cpus=${Number(cpus)}, or the engine more CPUs in its settings; times will differ from the platform's`,
    });
  }
  const memory = /minimum memory limit allowed is (\w+)/i.exec(stderr)?.[1];
  if (memory !== undefined) {
    return new HecktorError('OPTION_INVALID', {
      detail: `the memory limit is below the least that the engine takes, ${memory}`,
      cause: '--memory without its unit meant, such as 16k for 16g',
      fix: 'give --memory=16g, or leave it out',
    });
  }
  return new HecktorError('ENGINE_FAILED', {
    detail: `the container did not start: ${engineWords(stderr)}`,
  });
}
