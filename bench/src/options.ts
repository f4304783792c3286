import { parseArgs } from 'node:util';

/** What can be measured. */
export const PARTS = [
  'startup',
  'image-io',
  'preprocessing',
  'spacings',
  'end-to-end',
  'engines',
  'nnunet',
  'nnunet-full',
  'nnunet-mirroring',
  'invoke',
  'radiomics',
  'tabular',
  'metrics',
] as const;
export type Part = (typeof PARTS)[number];

/** What is measured only when asked for: many cases, hours, or another Python environment. */
const ON_REQUEST: readonly Part[] = [
  'spacings',
  'nnunet',
  'nnunet-full',
  'nnunet-mirroring',
  'invoke',
  'radiomics',
  'tabular',
  'metrics',
  'engines',
];

/** The tasks and what is measured of each: reading and start-up are the same code in all. */
export const TASKS = {
  task1: PARTS,
  task2: ['end-to-end', 'invoke'],
  task3: ['end-to-end', 'invoke'],
} as const satisfies Record<string, readonly Part[]>;
export type Task = keyof typeof TASKS;

export interface BenchOptions {
  readonly task: Task;
  /** In the order of {@link PARTS}. */
  readonly parts: readonly Part[];
  /** Interleaved pairs per part, >= 1. */
  readonly runs: number;
  /** Threads of either side. */
  readonly threads: number;
  /** Folder with pipeline.json and its models for the end-to-end part. */
  readonly resources: string | undefined;
  /** What `resources` was exported from: a file for Task 1, a folder for the others. */
  readonly checkpoint: string | undefined;
}

/** The lines that `--help` prints and every wrong argument gets. */
export const USAGE = `usage: nx run bench:task1 [--runs=3] [--what=${PARTS.join('|')}[,...]] [--threads=2]
       [--resources=<folder> --checkpoint=<file.pth>]
       nx run bench:task2 (or task3) [--runs=3] [--threads=2]
       [--resources=<folder> --checkpoint=<folder of the checkpoint's files>]`;

/** Reads the arguments. Throws an error with the usage for anything that is not understood. */
export function parseOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        task: { type: 'string', default: 'task1' },
        what: { type: 'string' },
        runs: { type: 'string', default: '3' },
        threads: { type: 'string', default: '2' },
        resources: { type: 'string' },
        checkpoint: { type: 'string' },
      },
    });
    const { resources, checkpoint } = values;
    if ((resources === undefined) !== (checkpoint === undefined)) {
      throw new Error('--resources and --checkpoint belong together');
    }
    const task = toTask(values.task);
    const [runs, threads] = [toCount('runs', values.runs), toCount('threads', values.threads)];
    return { task, parts: toParts(task, values.what), runs, threads, resources, checkpoint };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

function toTask(text: string): Task {
  if (text in TASKS) return text as Task;
  throw new Error(`expected --task to be one of ${Object.keys(TASKS).join(', ')}, got "${text}"`);
}

function toParts(task: Task, text: string | undefined): readonly Part[] {
  const parts: readonly Part[] = TASKS[task];
  if (text === undefined) return parts.filter((part) => !ON_REQUEST.includes(part));
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !parts.includes(name as Part));
  if (unknown === undefined) return parts.filter((part) => asked.includes(part));
  throw new Error(`expected --what to name some of ${parts.join(', ')}, got "${unknown}"`);
}

function toCount(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new Error(`expected --${name} to be a whole number from 1 to 1000, got "${text}"`);
}
