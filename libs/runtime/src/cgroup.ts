import { dirname, join } from 'node:path';
import { readText } from './read-text.ts';

/** Where the limits of this process's cgroup are looked for. */
export interface CgroupOptions {
  /** Folder that holds `proc` and `sys`; another one than `/` in tests. */
  root?: string;
}

/**
 * The values of one cgroup file, from the process's own group up to the root: every level limits.
 *
 * cgroup v2 has one hierarchy (`0::/path`), v1 one per controller (`4:cpu,cpuacct:/path`). Inside a
 * container the path of v1 is often not visible; the mounted root then is the container's group.
 *
 * @param controller - Name of the v1 controller, e.g. `cpu`; undefined reads cgroup v2.
 */
export function cgroupValues(
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

function groupPath(
  root: string,
  controller: string | undefined,
): { controllers: string; path: string } | undefined {
  for (const line of (readText(join(root, 'proc/self/cgroup')) ?? '').split('\n')) {
    const [id, controllers, ...rest] = line.split(':');
    if (id === undefined || controllers === undefined || rest.length === 0) continue;
    const path = rest.join(':');
    if (controller === undefined) {
      if (id === '0' && controllers === '') return { controllers, path };
    } else if (controllers.split(',').includes(controller)) {
      return { controllers, path };
    }
  }
  return undefined;
}
