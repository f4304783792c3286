import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where the limits of this process's cgroup are looked for. */
interface CgroupOptions {
  /** Folder that holds `proc` and `sys`; another one than `/` in tests. */
  root?: string;
}

/**
 * The values of one cgroup file, from the process's own group up to the root: every level limits.
 * cgroup v2 has one hierarchy (`0::/path`), v1 one per controller (`4:cpu,cpuacct:/path`). Inside a
 * container the path of v1 is often not visible; the mounted root then is the container's group.
 *
 * @param controller - Name of the v1 controller, e.g. `cpu`; undefined reads cgroup v2.
 */
function cgroupValues(
  file: string,
  controller: string | undefined,
  options: CgroupOptions = {},
): string[] {
  const root = options.root ?? '/';
  const found = groupPath(root, controller);
  if (found === undefined) return [];
  const mounts = controller === undefined ? [''] : [...new Set([found.controllers, controller])];
  for (const mount of mounts) {
    const base = join(root, 'sys/fs/cgroup', mount);
    const values: string[] = [];
    for (let path = found.path; ; path = dirname(path)) {
      const value = readText(join(base, path, file));
      if (value !== undefined && value !== '') values.push(value);
      if (path === '/' || path === '.') break;
    }
    if (values.length > 0) return values;
  }
  return [];
}

function groupPath(root: string, controller = '') {
  for (const line of (readText(join(root, 'proc/self/cgroup')) ?? '').split('\n')) {
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(.+)$/.exec(line) ?? [];
    const isWanted = controllers.split(',').includes(controller);
    if (isWanted && (controller !== '' || id === '0')) return { controllers, path };
  }
  return undefined;
}

/** The text of a small system file, trimmed; undefined when it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Number of CPUs this process may use: the smallest of the cgroup quota (v1 or v2, every level),
 * the cpuset and the scheduler's affinity mask; never below 1. A fractional quota is rounded down,
 * as a thread more than the quota only waits.
 */
export function grantedCpus(options: CgroupOptions = {}): number {
  const root = options.root ?? '/';
  const limits = [...quotas(options)];
  for (const list of [
    ...cgroupValues('cpuset.cpus.effective', undefined, options),
    ...cgroupValues('cpuset.effective_cpus', 'cpuset', options),
    allowedList(root),
  ]) {
    const count = list === undefined ? 0 : countCpuList(list);
    if (count > 0) limits.push(count);
  }
  if (root === '/') limits.push(availableParallelism());
  return limits.length === 0 ? 1 : Math.max(1, Math.floor(Math.min(...limits)));
}

/** Number of CPUs in a kernel list such as `0-3,8,10-11`; 0 when it is not one. */
export function countCpuList(list: string): number {
  let count = 0;
  for (const part of list.split(',')) {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (match === null) return 0;
    count += Number(match[2] ?? match[1]) - Number(match[1]) + 1;
  }
  return count;
}

function* quotas(options: CgroupOptions): Generator<number> {
  for (const value of cgroupValues('cpu.max', undefined, options)) {
    const [quota, period] = value.split(/\s+/).map(Number);
    if (quota! > 0 && period! > 0) yield quota! / period!;
  }
  const periods = cgroupValues('cpu.cfs_period_us', 'cpu', options).map(Number);
  for (const [level, value] of cgroupValues('cpu.cfs_quota_us', 'cpu', options).entries()) {
    const quota = Number(value);
    const period = periods[level] ?? 100_000;
    if (quota > 0 && period > 0) yield quota / period;
  }
}

function allowedList(root: string): string | undefined {
  const status = readText(join(root, 'proc/self/status')) ?? '';
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
}

/** Limits above this are "no limit": cgroup v1 writes the largest page-aligned 63-bit number. */
const NO_LIMIT = 2 ** 60;

/** The variable that lowers the memory limit, MiB. */
export const MEMORY_VARIABLE = 'HECKTOR_MEMORY_LIMIT_MIB';

/**
 * Bytes of memory this process may use: the smallest of the cgroup limit (v1 or v2), RLIMIT_DATA
 * (with which the platform limits memory), the machine's memory and {@link MEMORY_VARIABLE}.
 * Undefined when none is known.
 */
export function memoryLimit(options: CgroupOptions = {}): number | undefined {
  const root = options.root ?? '/';
  const limits = [
    ...cgroupValues('memory.max', undefined, options).map(Number),
    ...cgroupValues('memory.limit_in_bytes', 'memory', options).map(Number),
    Number(/^Max data size\s+(\d+)/m.exec(readText(join(root, 'proc/self/limits')) ?? '')?.[1]),
    2 ** 20 * Number(process.env[MEMORY_VARIABLE]),
    1024 * Number(/^MemTotal:\s+(\d+) kB/m.exec(readText(join(root, 'proc/meminfo')) ?? '')?.[1]),
  ].filter((bytes) => bytes > 0 && bytes < NO_LIMIT);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Largest resident memory of the whole process so far (all threads), bytes. */
export function peakMemory(options: CgroupOptions = {}): number {
  const status = readText(join(options.root ?? '/', 'proc/self/status')) ?? '';
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}
