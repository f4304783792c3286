import type { Layout } from './layouts.ts';

/** What decides the engine's run command. */
export interface RunArgs {
  image: string;
  /** Name of the container, so that it can be stopped and inspected. */
  container: string;
  layout: Layout;
  /** Folder of the case on this machine. */
  input: string;
  /** Output folder on this machine. */
  output: string;
  cpus: number;
  /** E.g. `16g`; swap included. */
  memory: string;
  env: Readonly<Record<string, string>>;
}

/** Processes and threads one container may have. */
const PIDS = 512;

/**
 * Arguments of `docker run` and `podman run` under the platform's rules: no network, read-only
 * root, a scratch /tmp, no capabilities, limits on memory (without swap), CPUs and processes.
 */
export function runArgs(args: RunArgs): string[] {
  const { image, container, layout, input, output, cpus, memory, env } = args;
  return [
    'run',
    ...['--name', container],
    ...['--platform', 'linux/amd64'],
    ...['--network', 'none'],
    '--read-only',
    ...['--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges'],
    ...['--pids-limit', String(PIDS)],
    ...['--cpus', String(cpus)],
    ...['--memory', memory, '--memory-swap', memory],
    ...['--tmpfs', '/tmp:rw,nosuid,nodev,mode=1777'],
    ...['--mount', bind(input, layout.input, ['readonly'])],
    ...['--mount', bind(output, layout.output)],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    image,
  ];
}

/** The value of `--mount` is one line of CSV, so a folder with a comma in its name is quoted. */
function bind(source: string, target: string, flags: readonly string[] = []): string {
  const quote = (field: string) =>
    /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  return ['type=bind', `source=${source}`, `target=${target}`, ...flags].map(quote).join(',');
}
