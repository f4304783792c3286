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
  readonly python?: T;
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
  programs: Sides<Program>,
  options: PairOptions,
): Promise<Sides<readonly Measurement[]>> {
  const ours: Measurement[] = [];
  const python: Measurement[] = [];
  const measure = async (name: string, program: Program, into: Measurement[]): Promise<void> => {
    const measurement = await measureProcess(pinned(program, options.threads), options);
    into.push(measurement);
    const { wall, cpu, peak } = measurement;
    options.onRun?.(
      `${into.length}/${options.runs} ${name}: ${wall.toFixed(1)} s (CPU ${cpu.toFixed(1)} s), ` +
        `${(peak / 2 ** 20).toFixed(0)} MiB`,
    );
  };
  for (let i = 0; i < options.runs; i++) {
    await measure('ours', programs.ours, ours);
    if (programs.python !== undefined) await measure('Python', programs.python, python);
  }
  return programs.python === undefined ? { ours } : { ours, python };
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

/** Peak memory in MiB, for {@link quantity}. */
export function peakMebibytes(run: Measurement): number {
  return run.peak / 2 ** 20;
}

/**
 * The program on no more CPUs than it has threads, so that thread pools which no setting reaches
 * help neither side. Unchanged where there are no more CPUs than that, or no taskset.
 */
export function pinned(program: Program, threads: number): Program {
  if (availableParallelism() <= threads || !hasTaskset()) return program;
  const { command, args } = program;
  return { ...program, command: 'taskset', args: ['-c', `0-${threads - 1}`, command, ...args] };
}

function hasTaskset(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** What a line of a program is about: `mark` in drivers, `msg` in the container's log. */
export function markOf(line: Line): string | undefined {
  const mark = line['mark'] ?? line['msg'];
  return typeof mark === 'string' ? mark : undefined;
}

/**
 * When a line arrived, s since the start of the process.
 *
 * @throws Error when the program never wrote it.
 */
export function timeOf(run: Measurement, mark: string): number {
  return find(run, mark).at;
}

/**
 * Seconds of a stage, or the sum of several, as the program's last line reports them.
 *
 * @throws Error for a stage that is not there.
 */
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
