import type { Comparison } from './compare.ts';

/** The unit of a quantity. */
export type Unit = 's' | 'MiB';

/** One quantity of one part. */
export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly result: Comparison;
  /** The ratio that the project wants to stay at or under. */
  readonly target?: number;
}

/** One part of the benchmark. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Whether both sides gave the same answer, and what else a reader must know. */
  readonly notes: readonly string[];
}

/** A whole report, as written to dist/bench/<task>.json. */
export interface Report {
  /** E.g. `task1`. */
  readonly task: string;
  readonly machine: string;
  readonly threads: number;
  readonly runs: number;
  /** The one-minute load average at the start: above 0 something else was running. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Why there are no figures of Python; undefined when there are. */
  readonly pythonMissing: string | undefined;
  readonly sections: readonly Section[];
}
