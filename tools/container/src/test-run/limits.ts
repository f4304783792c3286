import type { Task } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { type Api, INVOKE_SECONDS } from '../api.ts';
import type { Profile } from './profile.ts';

/** What one run is measured against; undefined: no such limit. */
export type Limits = Readonly<ReturnType<typeof limitsOf>>;

export interface Overrides {
  cpus?: number | undefined;
  memory?: string | undefined;
  timeLimit?: number | undefined;
  /** A server's limit is for each case, and at most what the platform's starter kit waits. */
  api?: Api | undefined;
}

/** A profile's limits for one task, unless a person sets others. */
export function limitsOf(
  profile: Profile,
  task: Pick<Task, 'name' | 'timeLimit'>,
  overrides: Overrides = {},
) {
  assertUsable(overrides);
  const { timeLimit, grace, processes, openFiles, modelMount } = profile;
  const memory = overrides.memory ?? profile.memory;
  const own = typeof timeLimit === 'object' ? timeLimit[task.name] : timeLimit;
  const most = overrides.api === 'invoke' ? INVOKE_SECONDS : Infinity;
  return {
    ...{ grace, processes, openFiles, modelMount },
    cpus: overrides.cpus ?? profile.cpus,
    /** As the engine takes it, swap included. */
    memory,
    memoryBytes: parseSize(memory),
    /** RLIMIT_DATA. */
    dataBytes: profile.data === null ? undefined : parseSize(profile.data),
    /** Wall clock of a run, or of a server for a case, s. */
    timeLimit: overrides.timeLimit ?? Math.min(most, own ?? task.timeLimit[profile.extends]),
    imageBytes: profile.image ?? undefined,
    archiveBytes: profile.archive ?? undefined,
  };
}

/** Label of the time limit that an image was built for, s. */
export const TIME_LIMIT_LABEL = 'hecktor.time-limit-s';

/**
 * How the time limit built into an image, at which its program ends by itself, differs from the one
 * it is run under. Undefined when they agree, or for an image that names none.
 */
export function timeLimitConflict(
  labels: Readonly<Record<string, string>>,
  limit: number,
): string | undefined {
  const built = labels[TIME_LIMIT_LABEL];
  if (built === undefined || Number(built) === limit) return undefined;
  return Number(built) > limit
    ? `the image was built for ${built} s and is stopped at ${limit} s, before its own TIMEOUT speaks`
    : `the image was built for ${built} s and gives up then, though it may take ${limit} s`;
}

// Engines take no fewer CPUs and overflow somewhere beyond that memory; a timer ends after 24 days.
const LEAST_CPUS = 0.01;
const MOST_MEMORY = 2 ** 50;
const MOST_TIME = 2_147_483;

/** @throws HecktorError OPTION_INVALID naming each limit that no run can have. */
function assertUsable({ cpus = 1, memory = '1g', timeLimit = 1 }: Overrides): void {
  const faults: string[] = [];
  if (!(cpus >= LEAST_CPUS)) faults.push(`--cpus=${cpus}: it must be ${LEAST_CPUS} or more`);
  if (parseSize(memory) > MOST_MEMORY) faults.push(`--memory=${memory}: no machine has as much`);
  if (!(timeLimit > 0 && timeLimit <= MOST_TIME)) {
    faults.push(`--timeLimit=${timeLimit}: it must be from 1 to ${MOST_TIME} seconds`);
  }
  if (faults.length === 0) return;
  throw new HecktorError('OPTION_INVALID', {
    detail: faults.join('; '),
    cause: 'a digit or a unit too many, or a minus sign',
    fix: "correct the option, or leave it out for the profile's own limit",
  });
}

const UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Bytes of a size such as `16g`; the units are powers of 1024, as container engines take them. */
export function parseSize(size: string): number {
  return Number(size.slice(0, -1)) * UNITS[size.at(-1)!.toLowerCase()]!;
}

/** Bytes for people: `0.71 GB`, `38 kB`. */
export function showBytes(bytes: number): string {
  if (bytes >= 1e8) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(0)} kB` : `${bytes} B`;
}

/** Memory for people, in the unit its limits are given in: `0.48 GiB`. */
export function showMemory(bytes: number): string {
  const unit = bytes >= 2 ** 28 ? 'GiB' : 'MiB';
  const value = bytes / (unit === 'GiB' ? 2 ** 30 : 2 ** 20);
  return `${Number(value.toPrecision(3))} ${unit}`;
}
