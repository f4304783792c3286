import { parseArgs } from 'node:util';
import { HecktorError } from '@hecktor/errors';
import { MEMORY_VARIABLE } from './limits.ts';

/** What the environment and the command line say about a run. */
export interface RunConfig {
  /** Folder with the recipe and the models; undefined: the one beside the program. */
  readonly resources: string | undefined;
  /** Folder whose files win over those of `resources`. */
  readonly modelFolder: string;
  /** Wall-clock limit of the platform, s; undefined: that of the task. */
  readonly timeLimitS: number | undefined;
  /** Threads for ONNX Runtime and the kernels; undefined: the CPUs the cgroup grants. */
  readonly threads: number | undefined;
  readonly debug: boolean;
  /** What is done where the time does not suffice for all of a recipe. */
  readonly plan: PlanMode;
  /** `--plan`: say what fits into the time, instead of a run. */
  readonly planOnly: boolean;
  /** Whether the program runs one case and ends, or serves case after case over HTTP. */
  readonly api: 'exec' | 'invoke';
  /** Of the server; 0: any that is free. */
  readonly port: number;
  /** `--dump-tensor FILE`: where what the networks would see goes, instead of a run. */
  readonly dumpTensor: string | undefined;
}

/** `auto` leaves out what does not fit into the time limit, `all` leaves out nothing. */
export type PlanMode = 'auto' | 'all';

/** True when `DEBUG` asks for debug lines and stack traces: set, and not to 0, false or no. */
export function isDebug(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false', 'no'].includes((text(env, 'DEBUG') ?? '').toLowerCase());
}

/**
 * Reads the configuration from environment variables: HECKTOR_RESOURCES, HECKTOR_MODEL_FOLDER
 * (default /opt/ml/model), HECKTOR_TIME_LIMIT_S, HECKTOR_THREADS (1..256), HECKTOR_PLAN (auto or
 * all), HECKTOR_API (exec, the default, or invoke), HECKTOR_PORT (default 4743), DEBUG; and from the
 * arguments of the program: --plan or --dump-tensor FILE. The value of
 * HECKTOR_MEMORY_LIMIT_MIB is checked; `memoryLimit` reads it.
 *
 * @throws HecktorError CONFIG_INVALID for a number that is none or out of range, or a plan that is
 * none; OPTION_INVALID for any other argument.
 */
export function readConfig(env: NodeJS.ProcessEnv, args: readonly string[] = []): RunConfig {
  number(env, MEMORY_VARIABLE, { min: 1, max: 2 ** 24 });
  return {
    resources: text(env, 'HECKTOR_RESOURCES'),
    modelFolder: text(env, 'HECKTOR_MODEL_FOLDER') ?? '/opt/ml/model',
    timeLimitS: number(env, 'HECKTOR_TIME_LIMIT_S', { min: 1, max: 604_800 }),
    threads: number(env, 'HECKTOR_THREADS', { min: 1, max: 256, whole: true }),
    debug: isDebug(env),
    plan: planOf(env),
    api: apiOf(env),
    port: number(env, 'HECKTOR_PORT', { min: 0, max: 65_535, whole: true }) ?? 4743,
    ...readArguments(args),
  };
}

function planOf(env: NodeJS.ProcessEnv): PlanMode {
  const value = text(env, 'HECKTOR_PLAN') ?? 'auto';
  if (value === 'auto' || value === 'all') return value;
  throw new HecktorError('CONFIG_INVALID', {
    detail: `expected HECKTOR_PLAN to be auto or all, got "${value}"`,
    fix: 'set HECKTOR_PLAN to auto or all, or leave it out',
  });
}

function apiOf(env: NodeJS.ProcessEnv): RunConfig['api'] {
  const value = text(env, 'HECKTOR_API') ?? 'exec';
  if (value === 'exec' || value === 'invoke') return value;
  throw new HecktorError('CONFIG_INVALID', {
    detail: `expected HECKTOR_API to be exec or invoke, got "${value}"`,
    fix: 'set HECKTOR_API to exec or invoke, or leave it out',
  });
}

function readArguments(args: readonly string[]): Pick<RunConfig, 'dumpTensor' | 'planOnly'> {
  const refuse = (detail: string, origin?: unknown): HecktorError =>
    new HecktorError('OPTION_INVALID', {
      detail,
      fix: 'give no argument, --plan, or --dump-tensor FILE',
      origin,
    });
  const options = {
    'dump-tensor': { type: 'string' },
    plan: { type: 'boolean', default: false },
  } as const;
  let values: { 'dump-tensor'?: string; plan: boolean };
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw refuse((error as Error).message.split('. ')[0]!, error);
  }
  const { 'dump-tensor': dumpTensor, plan: planOnly } = values;
  if (dumpTensor === '') throw refuse('--dump-tensor names no file');
  if (planOnly && dumpTensor !== undefined) throw refuse('--plan and --dump-tensor are both there');
  return { dumpTensor, planOnly };
}

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function number(
  env: NodeJS.ProcessEnv,
  name: string,
  range: { min: number; max: number; whole?: boolean },
): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  const fits = parsed >= range.min && parsed <= range.max;
  if (!fits || (range.whole === true && !Number.isInteger(parsed))) {
    const kind = range.whole === true ? 'a whole number' : 'a number';
    throw new HecktorError('CONFIG_INVALID', {
      detail: `expected ${name} to be ${kind} from ${range.min} to ${range.max}, got "${value}"`,
    });
  }
  return parsed;
}
