import type { EngineName } from '../../engine/open-engine.ts';

/** Engines put these into every container's root file system. */
const ENGINE_FILES =
  /^\/(dev|proc|sys|etc\/(hosts|hostname|resolv\.conf|mtab)|run\/(\.containerenv|secrets)|\.dockerenv)(\/|$)/;

/** Podman names the image's user there. */
const PODMAN_FILES = ['/etc/passwd', '/etc/group'];

/**
 * The files and folders that a container wrote to its root file system, from the answer of
 * `docker diff`: lines of a letter (A added, C changed, D deleted) and a path. Left out are the
 * mount points, folders that changed only because something in them did, and the engine's own files.
 */
export function writtenPaths(
  diff: string,
  mountPoints: readonly string[],
  engine: EngineName = 'docker',
): string[] {
  const mounts = ['/tmp', ...mountPoints];
  const lines = diff.split('\n').flatMap((line) => {
    const [, kind, path] = /^([ACD])\s+(\/.*)$/.exec(line) ?? [];
    return kind === undefined || path === undefined ? [] : [{ kind, path }];
  });
  const isAbove = (path: string, below: string) => below.startsWith(`${path}/`);
  return lines
    .filter(({ path }) => !ENGINE_FILES.test(path))
    .filter(({ path }) => engine !== 'podman' || !PODMAN_FILES.includes(path))
    .filter(({ path }) => !mounts.some((mount) => mount === path || isAbove(path, mount)))
    .filter(({ path, kind }) => kind !== 'C' || !lines.some((other) => isAbove(path, other.path)))
    .map(({ kind, path }) => (kind === 'D' ? `${path} (deleted)` : path))
    .sort();
}
