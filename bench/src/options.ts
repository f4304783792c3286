import { parseArgs } from 'node:util';

/** What can be measured. */
export const PARTS = ['startup', 'image-io', 'preprocessing', 'end-to-end'] as const;
export type Part = (typeof PARTS)[number];

/** What was asked for on the command line. */
export interface BenchOptions {
  /** In the order of {@link PARTS}. */
  readonly parts: readonly Part[];
  /** Interleaved pairs per part, >= 1. */
  readonly runs: number;
  /** Threads of either side. */
  readonly threads: number;
  /** Folder with model.onnx and pipeline.json for the end-to-end part. */
  readonly resources: string | undefined;
  /** The checkpoint that `resources` was exported from. */
  readonly checkpoint: string | undefined;
}

/** The two lines that `--help` prints and every wrong argument gets. */
export const USAGE = `usage: nx run bench:task1 [--runs=3] [--what=${PARTS.join('|')}[,...]] [--threads=2]
       [--resources=<folder> --checkpoint=<file.pth>]`;

/**
 * Reads the arguments.
 *
 * @throws Error with the usage for anything that is not understood.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = read(args);
  const { resources, checkpoint } = values;
  if ((resources === undefined) !== (checkpoint === undefined)) {
    throw new Error(`--resources and --checkpoint belong together\n${USAGE}`);
  }
  return {
    parts: toParts(values.what),
    runs: toCount('runs', values.runs),
    threads: toCount('threads', values.threads),
    resources,
    checkpoint,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        what: { type: 'string', default: PARTS.join(',') },
        runs: { type: 'string', default: '3' },
        threads: { type: 'string', default: '2' },
        resources: { type: 'string' },
        checkpoint: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

function toParts(text: string): readonly Part[] {
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !PARTS.includes(name as Part));
  if (unknown !== undefined) {
    throw new Error(
      `expected --what to name some of ${PARTS.join(', ')}, got "${unknown}"\n${USAGE}`,
    );
  }
  return PARTS.filter((part) => asked.includes(part));
}

function toCount(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new Error(
      `expected --${name} to be a whole number from 1 to 1000, got "${text}"\n${USAGE}`,
    );
  }
  return value;
}
