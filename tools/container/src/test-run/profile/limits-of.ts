import type { Profile } from './profile-schema.ts';
import { parseSize } from './parse-size.ts';

/** What one run is measured against. */
export interface Limits {
  readonly cpus: number;
  /** As the engine takes it, swap included. */
  readonly memory: string;
  readonly memoryBytes: number;
  /** RLIMIT_DATA, bytes. */
  readonly dataBytes: number | undefined;
  /** Wall clock, s. */
  readonly timeLimit: number;
  /** From SIGTERM to SIGKILL, s. */
  readonly grace: number;
  readonly processes: number;
  readonly openFiles: number;
  readonly imageBytes: number | undefined;
  readonly archiveBytes: number | undefined;
  readonly modelMount: boolean;
}

/** Limits that a person sets for one run, in place of the profile's. */
export interface Overrides {
  cpus?: number;
  memory?: string;
  timeLimit?: number;
}

/** Time for a task that a profile's table does not name, s. */
const DEFAULT_TIME = 900;

/** A profile's limits for one task. */
export function limitsOf(profile: Profile, task: string, overrides: Overrides = {}): Limits {
  const { timeLimit } = profile;
  const memory = overrides.memory ?? profile.memory;
  return {
    cpus: overrides.cpus ?? profile.cpus,
    memory,
    memoryBytes: parseSize(memory),
    dataBytes: profile.data === null ? undefined : parseSize(profile.data),
    timeLimit:
      overrides.timeLimit ??
      (typeof timeLimit === 'number' ? timeLimit : (timeLimit[task] ?? DEFAULT_TIME)),
    grace: profile.grace,
    processes: profile.processes,
    openFiles: profile.openFiles,
    imageBytes: profile.image ?? undefined,
    archiveBytes: profile.archive ?? undefined,
    modelMount: profile.modelMount,
  };
}
