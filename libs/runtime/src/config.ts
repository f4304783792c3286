import { HecktorError } from '@hecktor/errors';

/** What the environment says about a run. */
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
}

/** True when `DEBUG` asks for debug lines and stack traces: set, and not to 0, false or no. */
export function isDebug(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false', 'no'].includes((text(env, 'DEBUG') ?? '').toLowerCase());
}

/**
 * Reads the configuration from environment variables: HECKTOR_RESOURCES, HECKTOR_MODEL_FOLDER
 * (default /opt/ml/model), HECKTOR_TIME_LIMIT_S, HECKTOR_THREADS (1..256), DEBUG.
 *
 * @throws HecktorError CONFIG_INVALID for a number that is none or out of range.
 */
export function readConfig(env: NodeJS.ProcessEnv): RunConfig {
  return {
    resources: text(env, 'HECKTOR_RESOURCES'),
    modelFolder: text(env, 'HECKTOR_MODEL_FOLDER') ?? '/opt/ml/model',
    timeLimitS: number(env, 'HECKTOR_TIME_LIMIT_S', { min: 1, max: 604_800 }),
    threads: number(env, 'HECKTOR_THREADS', { min: 1, max: 256, whole: true }),
    debug: isDebug(env),
  };
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
