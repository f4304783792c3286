import { containerCommand, type Container, type Launch } from './slurm/container.ts';

/** A task's program, and how it is run for each case of a cohort. */
export interface Program {
  /** The bundle's `main.mjs`. */
  readonly file: string;
  /** Folder with the recipe and the weights. */
  readonly resources: string;
  /** Threads of one case. They decide last bits of the answers, so they do not follow the machine. */
  readonly threads: number;
  /** `all` leaves out nothing of the recipe; `auto` what does not fit into the time. */
  readonly plan: 'all' | 'auto';
  /** Wall clock of one case, s. */
  readonly timeLimitS: number;
  /** Folder whose files win over those of `resources`, as in the container. */
  readonly modelFolder: string;
  /** Runs it; `file` and the folders are then those of the unpacked image. */
  readonly container?: Container | undefined;
}

/**
 * Ends the program, however busy its other threads are, when the process that started it is gone:
 * SIGKILL gives nobody the time to stop what it has started.
 */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) {
    process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).on('error', () => {});
    process.stdin.resume().unref();
  }`)}`;

/** The command that runs a program on one case. Its stdin has to be a pipe. */
export function launch(
  program: Program,
  folders: { readonly input: string; readonly output: string },
): Launch {
  const nodeOptions = ['--import', END_WITH_PARENT];
  const settings = {
    HECKTOR_THREADS: String(program.threads),
    HECKTOR_PLAN: program.plan,
    HECKTOR_TIME_LIMIT_S: String(program.timeLimitS),
    HECKTOR_API: 'exec',
  };
  if (program.container !== undefined) {
    return containerCommand(program.container, { ...folders, env: settings, nodeOptions });
  }
  return {
    command: process.execPath,
    args: [...nodeOptions, program.file],
    env: {
      ...settings,
      HECKTOR_INPUT: folders.input,
      HECKTOR_OUTPUT: folders.output,
      HECKTOR_RESOURCES: program.resources,
      HECKTOR_MODEL_FOLDER: program.modelFolder,
    },
  };
}
