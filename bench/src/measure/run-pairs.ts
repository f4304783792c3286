import { compare } from '../report/compare.ts';
import type { Row } from '../report/report.ts';
import {
  measureProcess,
  type MeasureOptions,
  type Measurement,
  type Program,
} from './measure-process.ts';
import { pinned } from './pinned.ts';

/** The programs of a part; Python's is absent when it is not installed. */
export interface Sides<T> {
  readonly ours: T;
  readonly python?: T;
}

/** How often and with what bounds {@link runPairs} runs. */
export interface PairOptions extends MeasureOptions {
  readonly runs: number;
  readonly threads: number;
  /** Told in words what has just been measured. */
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
