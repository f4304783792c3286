import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cgroupFolders, mostOf, readUsage } from './usage.ts';
import { refusedPackets, writtenPaths } from './observer.ts';
import { describePlans, leavesOut, ownFigures } from './own-figures.ts';

describe('refusedPackets', () => {
  const snmp = [
    'Ip: Forwarding InReceives OutDiscards OutNoRoutes ReasmTimeout',
    'Ip: 1 2 0 3 0',
    'Udp: InDatagrams NoPorts OutDatagrams',
    'Udp: 9 4 9',
  ].join('\n');

  it('reads the packets that found no route and the questions nobody answered', () => {
    const snmp6 = 'Ip6InNoRoutes \t7\nIp6OutNoRoutes                  \t1\n';
    expect(refusedPackets(snmp, snmp6)).toEqual({ ipv4: 7, ipv6: 1 });
  });

  it('counts none where the kernel has no such counter', () => {
    expect(refusedPackets('', '')).toEqual({ ipv4: 0, ipv6: 0 });
  });
});

describe('writtenPaths', () => {
  it('lists what was added, changed and deleted, and no folder that holds it', () => {
    const diff = 'C /opt\nA /opt/cache\nA /opt/cache/x\nC /etc/passwd\nD /opt/app/main.mjs\n';
    expect(writtenPaths(diff, [])).toEqual([
      '/etc/passwd',
      '/opt/app/main.mjs (deleted)',
      '/opt/cache',
      '/opt/cache/x',
    ]);
  });

  it('leaves out mount points and what engines put there', () => {
    const diff = [
      ...['A /input', 'A /output', 'C /opt', 'A /opt/ml', 'A /opt/ml/model', 'C /tmp'],
      ...['C /etc', 'A /etc/hosts', 'C /run', 'A /run/.containerenv', 'A /.dockerenv'],
    ].join('\n');
    expect(writtenPaths(diff, ['/input', '/output', '/opt/ml/model'])).toEqual([]);
  });

  it('leaves out the names that Podman adds for the image’s user', () => {
    const diff = 'C /etc\nC /etc/group\nC /etc/passwd';
    expect(writtenPaths(diff, [], 'podman')).toEqual([]);
    expect(writtenPaths(diff, [], 'docker')).toHaveLength(2);
  });

  it('sees a file beside a mount point, and one in /run', () => {
    const diff = 'C /opt\nA /opt/ml\nA /opt/ml/model\nA /opt/ml/cache\nC /run\nA /run/lock.pid';
    expect(writtenPaths(diff, ['/opt/ml/model'])).toEqual(['/opt/ml/cache', '/run/lock.pid']);
  });
});

describe('ownFigures', () => {
  const log = [
    'plain words',
    '{"msg":"model loaded","sha256":"ab","dataSha256":"cd"}',
    '{"msg":"done","peakMemoryMiB":2,"seconds":{"reading":0.5,"total":1.5}}',
    '{"level":"warn","msg":"clinical record","warning":"an unexpected age"}',
    '{"level":"warn","msg":"clinical record","warning":"an unexpected age"}',
    '{"level":"warn","msg":"no clinical record"}',
    '{"level":"warn","msg":"fallback used","reason":"TIMEOUT","answer":"the mask is empty"}',
    '{broken',
  ].join('\n');

  it('reads stages, memory, weights and warnings from the log', () => {
    expect(ownFigures(log)).toEqual({
      stages: { reading: 0.5, total: 1.5 },
      peakBytes: 2 * 2 ** 20,
      models: ['ab', 'cd'],
      plans: [],
      warnings: ['an unexpected age', 'no clinical record', 'fallback used'],
      fallback: 'the mask is empty, because of TIMEOUT',
    });
  });

  it('finds nothing in the words of another program', () => {
    const none = { stages: {}, peakBytes: undefined };
    const nothing = { ...none, models: [], plans: [], warnings: [], fallback: undefined };
    expect(ownFigures('{"seconds":5}\n[1]\nhello')).toEqual(nothing);
  });
});

describe('plans', () => {
  it('are the last ones of each part, told in words', () => {
    const share = (of: number, done: number) => ({ of, planned: of, done });
    const plan = (state: string, networks: number, dropped: string[]) => ({
      ...{ state, part: 'segmentation', networks: share(5, networks) },
      ...{ windows: share(27, 27), mirrors: share(1, 1), dropped },
    });
    const lines = [plan('planned', 0, []), plan('done', 3, ['2 networks'])];
    const log = lines.map((one) => JSON.stringify({ msg: 'plan', plan: one })).join('\n');
    const { plans } = ownFigures(`${log}\n{"msg":"plan","plan":5}`);
    expect(plans).toEqual(lines);
    expect(leavesOut(plans)).toBe(true);
    expect(leavesOut([...plans, plan('done', 5, [])])).toBe(false);
    expect(leavesOut([])).toBe(false);
    expect(describePlans(plans)).toEqual([
      'segmentation done: networks 3 of 5, windows 27 of 27, without 2 networks',
    ]);
  });
});

describe('control groups', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cgroups-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };

  it('are read in version 1, joint controllers included', async () => {
    await put('memory/docker/c1/memory.max_usage_in_bytes', '900\n');
    await put('memory/docker/c1/memory.stat', 'rss 1\ntotal_rss 500\ntotal_shmem 20\n');
    await put(
      'memory/docker/c1/memory.oom_control',
      'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    );
    await put('cpu/docker/c1/cpuacct.usage', '2500000000\n');
    await put('pids/docker/c1/pids.current', '7\n');
    await put('pids/docker/c1/pids.events', 'max 4\n');
    const mounts = [
      `cgroup ${root}/memory cgroup rw,memory 0 0`,
      `cgroup ${root}/cpu cgroup rw,cpu,cpuacct 0 0`,
      `cgroup ${root}/pids cgroup rw,pids 0 0`,
      `cgroup2 ${root}/unified cgroup2 rw 0 0`,
    ].join('\n');
    const text =
      '5:pids:/docker/c1\n4:cpu,cpuacct:/docker/c1\n3:memory:/docker/c1\n0::/docker/c1\n';
    expect(readUsage(cgroupFolders(text, 'c1', mounts)!)).toEqual({
      peakBytes: 900,
      heldBytes: 520,
      cpuSeconds: 2.5,
      processes: 7,
      refusedProcesses: 4,
      oomKills: 2,
    });
  });

  it('are read in version 2', async () => {
    const group = 'system.slice/docker-c1.scope';
    await put(`${group}/memory.peak`, '800\n');
    await put(`${group}/memory.stat`, 'anon 300\nfile 9\nshmem 5\n');
    await put(`${group}/memory.events`, 'low 0\noom 1\noom_kill 1\n');
    await put(`${group}/cpu.stat`, 'usage_usec 1500000\nuser_usec 1\n');
    await put(`${group}/pids.peak`, '12\n');
    await put(`${group}/pids.events`, 'max 0\n');
    const folders = cgroupFolders(`0::/${group}\n`, 'c1', `cgroup2 ${root} cgroup2 rw 0 0`);
    expect(readUsage(folders!)).toEqual({
      peakBytes: 800,
      heldBytes: 305,
      cpuSeconds: 1.5,
      processes: 12,
      refusedProcesses: 0,
      oomKills: 1,
    });
  });

  it('of another machine’s process are not taken for the container’s', () => {
    expect(cgroupFolders('0::/user.slice/shell\n', 'c1', '')).toBeUndefined();
    expect(cgroupFolders('0::/docker/c1\n', '', '')).toBeUndefined();
  });

  it('of the parent are not taken for those of a container that is just being started', () => {
    const text = '4:memory:/parent\n3:pids:/docker/c1\n';
    const mounts = 'cgroup /m cgroup rw,memory 0 0\ncgroup /p cgroup rw,pids 0 0';
    expect([...cgroupFolders(text, 'c1', mounts)!]).toEqual([['pids', '/p/docker/c1']]);
  });

  it('that have vanished tell nothing, and the most of all readings is kept', () => {
    const gone = readUsage(new Map([['memory', join(root, 'gone')]]));
    expect(Object.values(gone).every((value) => value === undefined)).toBe(true);
    expect(mostOf({ peakBytes: 5, processes: 9 }, { peakBytes: 7, oomKills: 1 })).toMatchObject({
      peakBytes: 7,
      processes: 9,
      oomKills: 1,
    });
  });
});
