import { HecktorError } from '@hecktor/errors';
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

/**
 * A profile's limits for one task.
 *
 * @throws HecktorError OPTION_INVALID for limits of a person's own that no run can have.
 */
export function limitsOf(profile: Profile, task: string, overrides: Overrides = {}): Limits {
  assertUsable(overrides);
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

/** Engines take no less. */
const LEAST_CPUS = 0.01;
/** Of a timer, s: 24 days. */
const MOST_TIME = 2_147_483;
/** Bytes; engines overflow somewhere beyond. */
const MOST_MEMORY = 2 ** 50;

function assertUsable({ cpus, memory, timeLimit }: Overrides): void {
  const faults = [
    ...(cpus === undefined || cpus >= LEAST_CPUS
      ? []
      : [`--cpus=${cpus}: it must be ${LEAST_CPUS} or more`]),
    ...(memory === undefined || parseSize(memory) <= MOST_MEMORY
      ? []
      : [`--memory=${memory}: no machine has as much`]),
    ...(timeLimit === undefined || (timeLimit > 0 && timeLimit <= MOST_TIME)
      ? []
      : [`--timeLimit=${timeLimit}: it must be from 1 to ${MOST_TIME} seconds`]),
  ];
  if (faults.length === 0) return;
  throw new HecktorError('OPTION_INVALID', {
    detail: faults.join('; '),
    cause: 'a digit or a unit too many, or a minus sign',
    fix: "correct the option, or leave it out for the profile's own limit",
  });
}
