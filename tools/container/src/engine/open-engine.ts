import type { Readable } from 'node:stream';
import { HecktorError } from '@hecktor/errors';
import { exec, type ExecOptions, type ExecResult, streamOf } from './exec.ts';

export type EngineName = 'docker' | 'podman';

export interface Engine {
  readonly name: EngineName;
  /** Runs the engine's command; a non-zero exit is a result. */
  exec(args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Returns stdout; a non-zero exit is ENGINE_FAILED with the engine's last words. */
  require(args: readonly string[], options?: ExecOptions): Promise<string>;
  /** Runs the engine's command and hands out its stdout as it comes. */
  stream(args: readonly string[]): ReturnType<typeof streamOf>;
}

/** The fields of `docker info` and, in small letters, those of `podman info`. */
interface EngineInfo {
  ServerVersion?: string;
  OperatingSystem?: string;
  Architecture?: string;
  MemTotal?: number;
  DockerRootDir?: string;
  /** Why the daemon does not answer; the client may exit with 0 then. */
  ServerErrors?: string[];
  host?: { arch?: string; memTotal?: number; distribution?: { distribution?: string } };
  store?: { graphRoot?: string };
  version?: { Version?: string };
}

/** @throws HecktorError As {@link askEngine} does. */
export async function openEngine(name: EngineName, run: typeof exec = exec): Promise<Engine> {
  await askEngine(name, run);
  return createEngine(name, run);
}

/**
 * What an engine says of itself.
 *
 * @throws HecktorError ENGINE_NOT_FOUND when the command is absent, ENGINE_NOT_RUNNING when its
 * daemon does not answer, ENGINE_NOT_PERMITTED when this user may not talk to it, else ENGINE_FAILED.
 */
export async function askEngine(name: EngineName, run: typeof exec): Promise<EngineInfo> {
  const { code, stderr, stdout } = await run(name, ['info', '--format', '{{json .}}']);
  if (code === 127) {
    throw new HecktorError('ENGINE_NOT_FOUND', { detail: `there is no command "${name}"` });
  }
  const info = parse(stdout);
  const [serverError] = info.ServerErrors ?? [];
  const isSilent = serverError !== undefined || SILENCE.test(stderr);
  if (code === 0 && !isSilent) return info;
  const said = lastLine(stderr) || serverError || lastLine(stdout) || 'nothing';
  const detail = `"${name} info" says: ${said}`;
  if (/permission denied/i.test(said)) throw new HecktorError('ENGINE_NOT_PERMITTED', { detail });
  const advice = elsewhere(said);
  if (!isSilent && advice === undefined) throw new HecktorError('ENGINE_FAILED', { detail });
  throw new HecktorError('ENGINE_NOT_RUNNING', { detail, ...advice });
}

/** Said on stderr, even by a client that exits with 0. */
const SILENCE = /cannot connect|permission denied|daemon running|error during connect/i;

function parse(stdout: string): EngineInfo {
  try {
    return (JSON.parse(stdout) as EngineInfo | null) ?? {};
  } catch {
    return {};
  }
}

/** Cause and fix where the client was told to ask an engine that there is not. */
function elsewhere(said: string): { cause: string; fix: string } | undefined {
  if (/context.*not found/i.test(said)) {
    return {
      cause: 'DOCKER_CONTEXT, or the context in use, names one that does not exist',
      fix: 'choose one of `docker context ls` with `docker context use`, or unset DOCKER_CONTEXT',
    };
  }
  if (process.env['DOCKER_HOST'] === undefined) return undefined;
  return {
    cause: 'DOCKER_HOST names an engine that is not there or not running',
    fix: 'correct or unset DOCKER_HOST, then check with `docker info`',
  };
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
      const said = engineWords(stderr || stdout);
      const detail = `"${name} ${args[0] ?? ''}" ended with code ${code}: ${said}`;
      if (/no space left/i.test(said)) throw new HecktorError('ENGINE_DISK_FULL', { detail });
      throw new HecktorError('ENGINE_FAILED', { detail, cause: 'the engine names it above' });
    },
  };
}

/** Why an engine refused something: its last line but for a hint at its own help. */
export function engineWords(stderr: string): string {
  return lastLine(stderr.replaceAll(/^\s*(run|see) '\w+ [^']*--help'.*$/gim, ''));
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

/**
 * The full name of an image that was made here. Podman takes a name without a host for one of
 * `localhost`, but not in an archive.
 */
export function localName({ name }: Pick<Engine, 'name'>, tag: string): string {
  const [host, ...rest] = tag.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(host ?? '');
  return name === 'podman' && !hasHost ? `localhost/${tag}` : tag;
}

/** Hands out the archive of an image as the engine writes it. */
export async function saveStream<T>(
  engine: Engine,
  image: string,
  use: (archive: Readable) => Promise<T>,
): Promise<T> {
  const saving = engine.stream(['save', image]);
  try {
    const result = await use(saving.stdout);
    const { code, stderr } = await saving.ended;
    if (code === 0) return result;
    throw new HecktorError('ENGINE_FAILED', {
      detail: `"${engine.name} save" ended with code ${code}: ${engineWords(stderr)}`,
    });
  } finally {
    saving.kill();
  }
}
