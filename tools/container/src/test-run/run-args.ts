import type { Limits } from './limits.ts';

export interface RunArgs {
  image: string;
  /** Name of the container, so that it can be stopped and inspected. */
  container: string;
  layout: Layout;
  /** Folder of the case on this machine. */
  input: string;
  /** Output folder on this machine. */
  output: string;
  limits: Limits;
  env: Readonly<Record<string, string>>;
  /**
   * A container whose network (none either) is shared, and the volume for /tmp that it sees. Default:
   * a network of its own, and a tmpfs, which counts as the container's memory.
   */
  observer?: { readonly container: string; readonly scratch: string } | undefined;
  /** Folder to be mounted at /opt/ml/model. */
  model?: string | undefined;
  /** Leaves the root file system writable, so that `diff` can list what was written to it. */
  writableRoot?: boolean;
}

/** Where the platform mounts weights that come as a separate archive. */
export const MODEL_MOUNT = '/opt/ml/model';

/** Never reached, as the limit on processes is lower; Podman's own may be forbidden in a container. */
export const NPROC = ['--ulimit', 'nproc=4096:4096'] as const;

/** Arguments of `docker run` and `podman run` under the platform's rules. */
export function runArgs(args: RunArgs): string[] {
  const { image, container, layout, input, output, limits, env, observer, model } = args;
  const { dataBytes, openFiles } = limits;
  return [
    'run',
    ...['--name', container],
    ...['--platform', 'linux/amd64'],
    ...['--network', observer === undefined ? 'none' : `container:${observer.container}`],
    ...(args.writableRoot === true ? [] : ['--read-only']),
    ...['--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges'],
    ...['--pids-limit', String(limits.processes)],
    ...['--ulimit', `nofile=${openFiles}:${openFiles}`, ...NPROC],
    ...(dataBytes === undefined ? [] : ['--ulimit', `data=${dataBytes}:${dataBytes}`]),
    ...['--cpus', String(limits.cpus)],
    ...['--memory', limits.memory, '--memory-swap', limits.memory],
    ...(observer === undefined
      ? ['--tmpfs', '/tmp:rw,nosuid,nodev,mode=1777']
      : ['--volume', `${observer.scratch}:/tmp:nocopy`]),
    ...['--mount', bind(input, layout.input, ['readonly'])],
    ...['--mount', bind(output, layout.output)],
    ...(model === undefined ? [] : ['--mount', bind(model, MODEL_MOUNT, ['readonly'])]),
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    image,
  ];
}

/** The value of `--mount` is one line of CSV, so a folder with a comma in its name is quoted. */
export function bind(source: string, target: string, flags: readonly string[] = []): string {
  const quote = (field: string) =>
    /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  return ['type=bind', `source=${source}`, `target=${target}`, ...flags].map(quote).join(',');
}

/** Where a case is mounted inside the container. */
export interface Layout {
  readonly input: string;
  readonly output: string;
}

/** The participant document's folders, and the ones the platform mounts. */
export const LAYOUTS = {
  document: { input: '/tmp/input', output: '/tmp/output' },
  platform: { input: '/input', output: '/output' },
} as const satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;
