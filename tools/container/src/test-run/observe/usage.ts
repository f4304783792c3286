import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../engine/open-engine.ts';

const GAP_MS = 50;

/**
 * Reads the usage of a container that is about to start while it runs; its control groups vanish when
 * it ends. `stop` gives undefined where they cannot be seen from here.
 */
export function watchUsage(engine: Engine, container: string) {
  let running = true;
  let usage: Usage | undefined;
  const watching = (async () => {
    let folders: ReadonlyMap<string, string> | 'foreign' | undefined;
    for (; running && folders !== 'foreign'; await pause(GAP_MS)) {
      folders ??= await processOf(engine, container);
      if (typeof folders !== 'object') continue;
      const reading = readUsage(folders);
      if (Object.values(reading).every((value) => value === undefined)) continue;
      usage = usage === undefined ? reading : mostOf(usage, reading);
    }
  })();
  return {
    async stop(): Promise<Usage | undefined> {
      running = false;
      await watching.catch(() => undefined);
      return usage;
    },
  };
}

async function processOf(
  engine: Engine,
  container: string,
): Promise<ReadonlyMap<string, string> | 'foreign' | undefined> {
  const format = ['--format', '{{.State.Pid}} {{.Id}}'];
  const { code, stdout } = await engine.exec(['container', 'inspect', ...format, container]);
  const [pid, id = ''] = stdout.trim().split(' ');
  if (code !== 0 || !/^[1-9]\d*$/.test(pid ?? '')) return undefined;
  try {
    const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    const folders = cgroupFolders(groups, id, await readFile('/proc/mounts', 'utf8'));
    if (folders === undefined) return 'foreign';
    const isStarted = folders.has('memory') || folders.has('');
    return isStarted ? folders : undefined;
  } catch (error) {
    // A process that has just ended looks like one that is not on this machine.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'foreign';
  }
}

/** What a container's control groups have counted so far; undefined: not counted here. */
export type Usage = Partial<Readonly<ReturnType<typeof readUsage>>>;

/**
 * The folders of a process's control groups, by controller; `''` is the unified hierarchy (v2).
 * Undefined unless /proc/<pid>/cgroup carries the container's id: the process number may belong to
 * another machine, such as the virtual one of a desktop engine.
 */
export function cgroupFolders(
  text: string,
  id: string,
  mounts: string,
): ReadonlyMap<string, string> | undefined {
  if (id === '' || !text.includes(id)) return undefined;
  const roots = cgroupMounts(mounts);
  const folders = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    // A process that is just being started is still in some groups of its parent.
    if (controllers === undefined || !path?.includes(id)) continue;
    for (const controller of controllers.split(',')) {
      const root = roots.get(controller);
      if (root !== undefined) folders.set(controller, join(root, path));
    }
  }
  return folders;
}

/** Mount point of each controller, from the text of /proc/mounts. */
function cgroupMounts(mounts: string): Map<string, string> {
  const roots = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [, place = '', type, flags = ''] = line.split(' ');
    if (type === 'cgroup2') roots.set('', place);
    if (type === 'cgroup') for (const flag of flags.split(',')) roots.set(flag, place);
  }
  return roots;
}

/** Reads the counters; where version 1 and version 2 name a file or a field otherwise, both are tried. */
export function readUsage(folders: ReadonlyMap<string, string>) {
  const file = (name: string) => {
    const controller = name.slice(0, name.indexOf('.'));
    return text(folders.get(controller) ?? folders.get(''), name);
  };
  const stat = file('memory.stat');
  const anonymous = field(stat, 'total_rss') ?? field(stat, 'anon');
  const shared = field(stat, 'total_shmem') ?? field(stat, 'shmem') ?? 0;
  const nanoseconds =
    whole(file('cpuacct.usage')) ?? 1000 * (field(file('cpu.stat'), 'usage_usec') ?? NaN);
  return {
    /** The most it was charged for at a time, page cache included. */
    peakBytes:
      whole(file('memory.max_usage_in_bytes')) ??
      whole(file('memory.peak')) ??
      whole(file('memory.current')),
    /** In its processes' memory and in a tmpfs; the kernel cannot take it back. */
    heldBytes: anonymous === undefined ? undefined : anonymous + shared,
    cpuSeconds: Number.isNaN(nanoseconds) ? undefined : nanoseconds / 1e9,
    /** And threads. */
    processes: whole(file('pids.peak')) ?? whole(file('pids.current')),
    refusedProcesses: field(file('pids.events'), 'max'),
    oomKills: field(file('memory.oom_control') || file('memory.events'), 'oom_kill'),
  };
}

/** The most of two readings, field by field: each counter only grows, or its peak is wanted. */
export function mostOf(a: Usage, b: Usage): Usage {
  const keys = Object.keys({ ...a, ...b }) as (keyof Usage)[];
  const most = (x?: number, y = x) => (x === undefined ? y : Math.max(x, y!));
  return Object.fromEntries(keys.map((key) => [key, most(a[key], b[key])]));
}

// Read synchronously: the files are the kernel's answers from memory, and vanish with the container.
function text(folder: string | undefined, name: string): string {
  if (folder === undefined) return '';
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}

function whole(content: string): number | undefined {
  return /^\d+\s*$/.test(content) ? Number(content) : undefined;
}

function field(content: string, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(content)?.[1];
  return found === undefined ? undefined : Number(found);
}
