import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import {
  measureProcess,
  type MeasureOptions,
  type Measurement,
  type Program,
  type Line,
} from './measure-process.ts';
import { compare, type Row } from '../report/report.ts';

/** The programs of a part; Python's is absent when it is not installed. */
export interface Sides<T> {
  readonly ours: T;
  readonly python?: T | undefined;
}

/** How often and with what bounds {@link runPairs} runs. */
export interface PairOptions extends MeasureOptions {
  readonly runs: number;
  readonly threads: number;
  /** Receives what has just been measured, in words. */
  readonly onRun?: (text: string) => void;
}

/** Runs both sides turn by turn (ours, Python, ours, Python...), so that a disturbance hits both. */
export async function runPairs(
  { ours, python }: Sides<Program>,
  options: PairOptions,
): Promise<Sides<readonly Measurement[]>> {
  const measure = async (name: string, program: Program, run: number): Promise<Measurement> => {
    const measured = await measureProcess(pinned(program, options.threads), options);
    options.onRun?.(
      `${run}/${options.runs} ${name}: ${measured.wall.toFixed(1)} s ` +
        `(CPU ${measured.cpu.toFixed(1)} s), ${peakMebibytes(measured).toFixed(0)} MiB`,
    );
    return measured;
  };
  const [ourRuns, pythonRuns]: [Measurement[], Measurement[]] = [[], []];
  for (let run = 1; run <= options.runs; run++) {
    ourRuns.push(await measure('ours', ours, run));
    if (python !== undefined) pythonRuns.push(await measure('Python', python, run));
  }
  return { ours: ourRuns, python: python === undefined ? undefined : pythonRuns };
}

/** A quantity of the report, from both sides' measurements. */
export function quantity(
  row: Pick<Row, 'name' | 'unit' | 'target'>,
  runs: Sides<readonly Measurement[]>,
  get: Sides<(run: Measurement) => number>,
): Row {
  const ours = runs.ours.map(get.ours);
  return { ...row, result: compare(ours, runs.python?.map(get.python ?? get.ours)) };
}

export function peakMebibytes(run: Measurement): number {
  return run.peak / 2 ** 20;
}

/**
 * The program on no more CPUs than it has threads, so that thread pools which no setting reaches
 * help neither side. Unchanged where there are no more CPUs than that, or no taskset.
 */
export function pinned(program: Program, threads: number): Program {
  const hasTaskset = () => spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
  if (availableParallelism() <= threads || !hasTaskset()) return program;
  const { command, args } = program;
  return { ...program, command: 'taskset', args: ['-c', `0-${threads - 1}`, command, ...args] };
}

/** What a line of a program is about: `mark` in drivers, `msg` in the container's log. */
export function markOf(line: Line): string | undefined {
  const mark = line['mark'] ?? line['msg'];
  return typeof mark === 'string' ? mark : undefined;
}

/** When a line arrived, s since the start of the process. Throws when it never did. */
export function timeOf(run: Measurement, mark: string): number {
  return find(run, mark).at;
}

/** Seconds of a stage, or the sum of several, as the program's last line reports them. */
export function stageSeconds(run: Measurement, ...stages: readonly string[]): number {
  const seconds = find(run, 'done').line['seconds'] as Record<string, number> | undefined;
  return stages.reduce((sum, stage) => {
    const value = seconds?.[stage];
    if (value === undefined) throw new Error(`the last line has no seconds of "${stage}"`);
    return sum + value;
  }, 0);
}

function find(run: Measurement, mark: string): Measurement['lines'][number] {
  const found = run.lines.find(({ line }) => markOf(line) === mark);
  if (found === undefined) throw new Error(`the program ended without the line "${mark}"`);
  return found;
}
