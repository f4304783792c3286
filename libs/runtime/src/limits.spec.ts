import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { countCpuList, grantedCpus, memoryLimit, peakMemory } from './limits.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A file tree that looks like /proc and /sys to the code under test. */
function machine(files: Record<string, string>): { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'machine-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return { root };
}

const V1_GROUPS = '5:cpuset:/docker/ab\n4:cpu,cpuacct:/docker/ab\n3:memory:/docker/ab';
const V1 = 'sys/fs/cgroup/cpu,cpuacct';

describe('grantedCpus', () => {
  const cases: [string, number, Record<string, string>][] = [
    [
      'a v2 quota inside a container',
      2,
      {
        'proc/self/cgroup': '0::/',
        'sys/fs/cgroup/cpu.max': '200000 100000',
        'sys/fs/cgroup/cpuset.cpus.effective': '0-15',
      },
    ],
    [
      'the quota of a parent group',
      3,
      {
        'proc/self/cgroup': '0::/user.slice/run.scope',
        'sys/fs/cgroup/user.slice/cpu.max': '300000 100000',
        'sys/fs/cgroup/user.slice/run.scope/cpu.max': 'max 100000',
        'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-7',
      },
    ],
    [
      'no quota but a v2 cpuset',
      4,
      {
        'proc/self/cgroup': '0::/',
        'sys/fs/cgroup/cpu.max': 'max 100000',
        'sys/fs/cgroup/cpuset.cpus.effective': '0,2,4-5',
      },
    ],
    [
      'a v1 quota in the group that /proc names',
      2,
      {
        'proc/self/cgroup': V1_GROUPS,
        [`${V1}/docker/ab/cpu.cfs_quota_us`]: '250000',
        [`${V1}/docker/ab/cpu.cfs_period_us`]: '100000',
      },
    ],
    [
      'a v1 quota where only the mounted root is visible',
      1,
      {
        'proc/self/cgroup': V1_GROUPS,
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      },
    ],
    [
      'a v1 cpuset without a quota',
      3,
      {
        'proc/self/cgroup': V1_GROUPS,
        [`${V1}/cpu.cfs_quota_us`]: '-1',
        [`${V1}/cpu.cfs_period_us`]: '100000',
        'sys/fs/cgroup/cpuset/docker/ab/cpuset.effective_cpus': '1-3',
      },
    ],
    ['affinity alone', 2, { 'proc/self/status': 'Cpus_allowed_list:\t3,9' }],
    ['nothing known', 1, {}],
  ];
  it.each(cases)('sees %s as %i', (_, expected, files) => {
    expect(grantedCpus(machine(files))).toBe(expected);
  });

  it('gives a whole number >= 1 here', () => {
    expect(Number.isInteger(grantedCpus()) && grantedCpus() >= 1).toBe(true);
  });

  it.each([
    ['0', 1],
    ['0-3,8,10-11', 7],
    ['', 0],
    ['all', 0],
  ])('counts the list "%s" as %i', (list, count) => expect(countCpuList(list)).toBe(count));
});

describe('memoryLimit', () => {
  const GiB = 2 ** 30;
  const host = { 'proc/meminfo': 'MemTotal:       33554432 kB\nMemFree: 1 kB' };
  const cases: [string, number | undefined, Record<string, string>][] = [
    ['v2', 16 * GiB, { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': `${16 * GiB}` }],
    [
      'v2 without a limit',
      32 * GiB,
      { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max', ...host },
    ],
    [
      'v1',
      8 * GiB,
      {
        'proc/self/cgroup': V1_GROUPS,
        'sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes': `${8 * GiB}`,
        ...host,
      },
    ],
    [
      'v1 without a limit',
      32 * GiB,
      {
        'proc/self/cgroup': V1_GROUPS,
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
        ...host,
      },
    ],
    [
      'RLIMIT_DATA',
      15 * GiB,
      {
        'proc/self/limits': `Max cpu time unlimited\nMax data size             ${15 * GiB}          unlimited            bytes`,
        ...host,
      },
    ],
    [
      'nothing',
      undefined,
      {
        'proc/self/limits':
          'Max data size             unlimited            unlimited            bytes',
      },
    ],
  ];
  it.each(cases)('reads %s', (_, expected, files) => {
    expect(memoryLimit(machine(files))).toBe(expected);
  });
});

describe('peakMemory', () => {
  it('reads the high-water mark', () => {
    expect(peakMemory(machine({ 'proc/self/status': 'VmPeak:\t 9 kB\nVmHWM:\t  2048 kB' }))).toBe(
      2 ** 21,
    );
  });

  it('falls back to what the process itself knows', () => {
    expect(peakMemory(machine({}))).toBeGreaterThan(10 * 2 ** 20);
  });
});
