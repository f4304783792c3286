import { readFile } from 'node:fs/promises';
import type { Engine } from '../../engine/open-engine.ts';
import { cgroupFolders, mostOf, readUsage, type Usage } from './cgroup-usage.ts';

const GAP_MS = 50;

/** Reads a container's usage while it runs; its control groups vanish when it ends. */
export interface Watch {
  /** Ends it. Undefined: the control groups cannot be seen from here. */
  stop(): Promise<Usage | undefined>;
}

/** Starts looking for a container that is about to start. */
export function watchUsage(engine: Engine, container: string): Watch {
  let running = true;
  let usage: Usage | undefined;
  const watching = (async () => {
    let folders: ReadonlyMap<string, string> | undefined;
    while (running && folders === undefined) {
      const found = await processOf(engine, container);
      if (found === 'foreign') return;
      folders = found;
      if (folders === undefined) await pause();
    }
    while (running && folders !== undefined) {
      const reading = readUsage(folders);
      if (Object.values(reading).some((value) => value !== undefined)) {
        usage = usage === undefined ? reading : mostOf(usage, reading);
      }
      await pause();
    }
  })();
  return {
    async stop() {
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
  const format = '{{.State.Pid}} {{.Id}}';
  const { code, stdout } = await engine.exec([
    'container',
    'inspect',
    '--format',
    format,
    container,
  ]);
  const [pid, id = ''] = stdout.trim().split(' ');
  if (code !== 0 || !/^[1-9]\d*$/.test(pid ?? '')) return undefined;
  try {
    const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    return cgroupFolders(groups, id, await readFile('/proc/mounts', 'utf8')) ?? 'foreign';
  } catch (error) {
    // A process that has just ended looks like one that is not on this machine.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'foreign';
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, GAP_MS));
}
