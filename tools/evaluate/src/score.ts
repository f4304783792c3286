import { bootstrapInterval, type Interval } from '@hecktor/metrics';

/** A score with its 95 % interval over patients. */
export interface Score {
  readonly name: string;
  readonly value: number;
  readonly interval: Interval;
}

/** What a set scores, with the patients it was scored on. */
export interface Scored {
  readonly scores: readonly Score[];
  /** Further facts, for the table. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** A row per patient, for the JSON. */
  readonly patients: readonly Readonly<Record<string, unknown>>[];
  /** What the reader must not overlook. */
  readonly warnings: readonly string[];
}

/** A score over all patients with a percentile interval from 1000 seeded resamples of patients. */
export function scoreWithInterval<T>(
  name: string,
  patients: readonly T[],
  score: (sample: readonly T[]) => number,
): Score {
  return { name, value: score(patients), interval: bootstrapInterval(patients, score) };
}

/** `0.712 (95 % 0.640 to 0.781)` */
export function describeScore({ value, interval }: Score): string {
  const [low, high] = [interval.low, interval.high].map((bound) => bound.toFixed(3));
  return `${value.toFixed(3)} (95 % ${low} to ${high})`;
}
