import { describeScore, type Scored } from './score.ts';

/** All that is known after a run. */
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
