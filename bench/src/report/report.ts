export type Unit = 's' | 'ms' | 'MiB';

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

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A quantity measured in both sides' runs; run i of one side was next to run i of the other. */
export interface Comparison {
  readonly ours: Spread;
  readonly python?: Spread;
  /** Ours / Python over pairs of neighbouring runs: below 1 is better. */
  readonly ratio?: Spread;
  /** Ours / Python of the least of each side: the least disturbed runs. */
  readonly ratioOfMinima?: number;
}

export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * Compares a quantity over interleaved runs.
 *
 * @param python - As many values as ours, or undefined when only ours ran.
 */
export function compare(ours: readonly number[], python?: readonly number[]): Comparison {
  if (python === undefined) return { ours: spread(ours) };
  if (python.length !== ours.length) {
    throw new RangeError(`expected ${ours.length} runs of Python, got ${python.length}`);
  }
  const sides = { ours: spread(ours), python: spread(python) };
  return {
    ...sides,
    ratio: spread(ours.map((value, i) => value / python[i]!)),
    ratioOfMinima: sides.ours.min / sides.python.min,
  };
}
