import { join } from 'node:path';
import { cgroupValues, type CgroupOptions } from './cgroup.ts';
import { readText } from './read-text.ts';

/** Limits above this are "no limit": cgroup v1 writes the largest page-aligned 63-bit number. */
const NO_LIMIT = 2 ** 60;

/**
 * Bytes of memory this process may use: the smallest of the cgroup limit (v1 or v2), RLIMIT_DATA
 * (with which the platform limits memory) and the machine's memory. Undefined when none is known.
 */
export function memoryLimit(options: CgroupOptions = {}): number | undefined {
  const root = options.root ?? '/';
  const limits = [
    ...cgroupValues('memory.max', undefined, options).map(Number),
    ...cgroupValues('memory.limit_in_bytes', 'memory', options).map(Number),
    Number(/^Max data size\s+(\d+)/m.exec(readText(join(root, 'proc/self/limits')) ?? '')?.[1]),
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
