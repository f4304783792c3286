import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cgroupValues, type CgroupOptions } from './cgroup.ts';
import { readText } from './read-text.ts';

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
