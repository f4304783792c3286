import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { MOUNTS, type UnpackedImage } from './image.ts';

/** What runs containers on clusters, in the order in which they are looked for. */
export const RUNTIMES = ['apptainer', 'ch-run', 'podman'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** How a program is started for one case. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Besides the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/** A container instead of the program alone. */
export interface Container {
  readonly runtime: Runtime;
  readonly image: UnpackedImage;
}

/** The first runtime on the search path. */
export function findRuntime(path = process.env['PATH'] ?? ''): Runtime | undefined {
  const folders = path.split(delimiter);
  return RUNTIMES.find((name) => folders.some((folder) => existsSync(join(folder, name))));
}

interface ContainerRun {
  readonly input: string;
  readonly output: string;
  /** Besides the image's own variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node.js, with which images begin their programs. */
  readonly nodeOptions?: readonly string[];
}

/**
 * The command that runs an image's program on one case: as the calling user, with a read-only root, a
 * scratch /tmp, the folders of the case and no variable of this process.
 */
export function containerCommand(
  { runtime, image }: Container,
  { input, output, env, nodeOptions = [] }: ContainerRun,
): Launch {
  const settings = Object.entries({ ...image.env, ...env, ...FOLDERS }).map((pair) =>
    pair.join('='),
  );
  const [node = '', ...main] = image.entrypoint;
  const program = [node, ...nodeOptions, ...main];
  const binds = (option: string, readOnly: string): string[] => [
    // Podman takes a name that is not absolute for a volume's.
    ...[option, `${resolve(input)}:${MOUNTS.input}${readOnly}`],
    ...[option, `${resolve(output)}:${MOUNTS.output}`],
  ];
  const set = (option: string): string[] => settings.flatMap((setting) => [option, setting]);
  const args = {
    apptainer: [
      ...['exec', '--containall', '--cleanenv', '--no-home', '--pwd', '/'],
      ...[...binds('--bind', ':ro'), ...set('--env'), image.root, ...program],
    ],
    'ch-run': [
      ...['--private-tmp', '--cd', '/', '--unset-env', '*', '--env-no-expand'],
      ...[...settings.map((setting) => `--set-env=${setting}`), ...binds('--bind', '')],
      ...[image.root, '--', ...program],
    ],
    // Interactive: the program ends when its stdin does.
    podman: [
      ...['run', '--rm', '--interactive', '--network=none', '--read-only', '--tmpfs=/tmp'],
      ...['--workdir=/', ...binds('--volume', ':ro'), ...set('--env'), '--rootfs', image.root],
      ...program,
    ],
  };
  // ch-run wants to know who calls, which batch scripts do not always say.
  return { command: runtime, args: args[runtime], env: { USER: 'nobody', ...FOLDERS } };
}

const FOLDERS = { HECKTOR_INPUT: MOUNTS.input, HECKTOR_OUTPUT: MOUNTS.output };
