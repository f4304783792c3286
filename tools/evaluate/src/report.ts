import type { CohortCase } from '@hecktor/cohort';
import { bootstrapInterval, type Interval } from '@hecktor/metrics';

/** A score with its 95 % interval over patients. */
export interface Score {
  readonly name: string;
  readonly value: number;
  readonly interval: Interval;
}

export interface Scored {
  readonly scores: readonly Score[];
  /** Further facts, for the table. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** A row per patient, for the JSON. */
  readonly patients: readonly Readonly<Record<string, unknown>>[];
  /** What the reader must not overlook. */
  readonly warnings: readonly string[];
}

/** How the answers of a task are read and scored. */
export interface Scorer<Patient = unknown> {
  /** What an answer's file says of a patient, with the truth. */
  read(path: string, one: CohortCase): Promise<Patient> | Patient;
  score(patients: readonly Patient[]): Scored;
}

/** Says when all answers are the same; `more` goes behind it. */
export function sameAnswerWarning(answers: readonly unknown[], more = ''): string[] {
  if (new Set(answers).size > 1) return [];
  return [`every answer is the same, of ${answers.length} patients${more}`];
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

export interface Evaluation {
  readonly task: string;
  readonly data: string;
  readonly cases: number;
  readonly failures: readonly { readonly id: string; readonly failure: string }[];
  readonly notes: readonly string[];
  readonly secondsPerCase: number;
  /** Absent when every case failed, or no two of those that did not can be compared. */
  readonly scored?: Scored;
}

/** The evaluation as text for people: scores first, then what to know about them. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { task, data, cases, failures, notes, secondsPerCase, scored } = evaluation;
  const rows: [string, string][] = [
    ['data', data],
    ['cases', `${cases - failures.length} scored, ${failures.length} failed`],
    ...(scored?.scores ?? []).map((score): [string, string] => [score.name, describeScore(score)]),
    ...Object.entries(scored?.facts ?? {}).map(([name, v]): [string, string] => [name, String(v)]),
    ['seconds per case', secondsPerCase.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const remarks = [
    ...(scored?.warnings ?? []).map((text) => `WARNING: ${text}`),
    ...failures.map(({ id, failure }) => `FAILED: ${id}: ${failure}`),
    ...notes.map((text) => `note: ${text}`),
  ];
  return `${[`${task}`, ...lines, ...remarks].join('\n')}\n`;
}
