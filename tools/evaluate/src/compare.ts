import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCases, readSummary, type CaseScore, type Score } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import {
  bordaRanks,
  bootstrapScores,
  pairedDifference,
  ranks,
  type Difference,
} from '@hecktor/metrics';
import { describeConventions, type Conventions } from './conventions.ts';
import { scoresOf, type ScoreOf } from './scores.ts';
import { scoreWithInterval } from './summarise.ts';
import type { ScoredTask } from './tasks.ts';
import { columnsOf, describeScore } from './text.ts';

export interface Run {
  /** A path. */
  readonly name: string;
  readonly rows: readonly CaseScore[];
}

/** A run beside the others. */
interface ComparedRun {
  readonly name: string;
  /** Patients without a prediction that can be compared. */
  readonly failed: number;
  readonly scores: readonly Score[];
  /** Against the first run, by score: this one minus the first. Empty for the first. */
  readonly differences: readonly (Difference & { readonly name: string; readonly value: number })[];
  /** Ranks by score, by what they rank, and `total`; equal runs share the mean of their ranks. */
  readonly ranks: Readonly<Record<string, number>>;
  /** Share of resamples in which this run comes first; runs that tie share it. */
  readonly first: number;
}

/** `comparison.json` */
export interface Comparison {
  readonly task: string;
  readonly cases: number;
  readonly runs: readonly ComparedRun[];
}

/** Conventions that are in the rows already; all others are applied to the rows. */
const OF_ROWS = ['lesions', 'HD95', 'missing prediction'];

/**
 * The rows of the `--out` folder of an evaluation; undefined where it is none.
 *
 * @throws HecktorError COHORT_INVALID when it is of another task or other conventions.
 */
export function readScored(
  folder: string,
  task: ScoredTask,
  conventions: Conventions,
): CaseScore[] | undefined {
  const file = join(folder, 'cases.csv');
  if (!existsSync(file)) return undefined;
  const summary = readSummary(join(folder, 'summary.json'));
  const wanted = describeConventions(task.evaluation.metric, conventions);
  const other = OF_ROWS.find((name) => summary.conventions[name] !== wanted[name]);
  if (summary.task !== task.name || other !== undefined) {
    const scored = other === undefined ? summary.task : summary.conventions[other];
    throw new HecktorError('COHORT_INVALID', {
      file,
      detail: `it was scored as ${scored}, not as ${other === undefined ? task.name : wanted[other]}`,
      fix: 'score it again with the same options, or compare the predictions themselves',
    });
  }
  return readCases(file);
}

/**
 * Compares runs over the same patients: paired bootstrap of the differences from the first run, and
 * the challenge's Borda ranking.
 *
 * @throws HecktorError COHORT_INVALID when the runs are of different patients.
 */
export function compareRuns(
  runs: readonly Run[],
  task: ScoredTask,
  conventions: Conventions,
): Comparison {
  const aligned = align(runs);
  const definitions = scoresOf(task, conventions).filter(({ isKnown }) =>
    aligned.every(({ rows }) => isKnown?.(rows) ?? true),
  );
  const scored = aligned.map(({ name, rows }) => ({
    name,
    failed: rows.filter(({ status }) => status === 'failed').length,
    scores: definitions.map((one) => scoreWithInterval(one, rows, conventions).score),
    // The same patients in the same order: resample i is the same of all runs.
    resampled: definitions.map(({ of, ofSample = of }) =>
      bootstrapScores(rows, ofSample, conventions),
    ),
  }));
  const observed = rankRuns(definitions, (run, i) => scored[run]!.scores[i]!.value, runs.length);
  const first = new Float64Array(runs.length);
  for (let sample = 0; sample < conventions.resamples; sample++) {
    const { total = [] } = rankRuns(
      definitions,
      (run, i) => scored[run]!.resampled[i]![sample]!,
      runs.length,
    );
    const best = Math.min(...total);
    const winners = total.flatMap((rank, run) => (rank === best ? [run] : []));
    for (const run of winners) first[run]! += 1 / winners.length / conventions.resamples;
  }
  return {
    task: task.name,
    cases: aligned[0]!.rows.length,
    runs: scored.map(({ name, failed, scores, resampled }, run) => ({
      ...{ name, failed, scores },
      differences:
        run === 0
          ? []
          : scores.map((score, i) => ({
              name: score.name,
              value: score.value - scored[0]!.scores[i]!.value,
              ...pairedDifference(scored[0]!.resampled[i]!, resampled[i]!),
            })),
      ranks: Object.fromEntries(Object.entries(observed).map(([name, all]) => [name, all[run]!])),
      first: first[run]!,
    })),
  };
}

/** Puts the rows of all runs into the order of the first. */
function align(runs: readonly Run[]): readonly Run[] {
  const ids = runs[0]!.rows.map(({ id }) => id);
  return runs.map(({ name, rows }) => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    const lost = ids.find((id) => !byId.has(id));
    if (lost !== undefined || byId.size !== ids.length) {
      throw new HecktorError('COHORT_INVALID', {
        file: name,
        detail: `its patients are not those of ${runs[0]!.name}: ${rows.length} and ${ids.length}`,
        cause: 'runs that were scored over different sets',
        fix: 'score all of them with the same --truth',
      });
    }
    return { name, rows: ids.map((id) => byId.get(id)!) };
  });
}

/**
 * Ranks of the runs: by each score that the challenge ranks by, by the Borda count of the scores of
 * each label, and in total by the Borda count of these.
 */
function rankRuns(
  definitions: readonly ScoreOf[],
  valueOf: (run: number, score: number) => number,
  count: number,
): Record<string, number[]> {
  const byScore: Record<string, number[]> = {};
  const byLabel: Record<string, number[][]> = {};
  definitions.forEach(({ name, isBetter, ranks: label }, i) => {
    if (label === undefined) return;
    const values = Array.from({ length: count }, (_, run) => valueOf(run, i));
    byScore[name] = ranks(values, isBetter);
    (byLabel[label] ??= []).push(byScore[name]);
  });
  const labels = Object.entries(byLabel).map(
    ([label, rankings]) => [label, bordaRanks(rankings)] as const,
  );
  const total = bordaRanks(labels.map(([, ranking]) => ranking));
  return { ...byScore, ...Object.fromEntries(labels), total };
}

/** The comparison as text for people. */
export function describeComparison(comparison: Comparison): string {
  const { task, cases } = comparison;
  const runs = shortened(comparison.runs);
  const [base, ...others] = runs;
  const scores = columnsOf([
    ['', ...runs.map(({ name }) => name)],
    ...base!.scores.map(({ name }, i) => [
      name,
      ...runs.map((run) => describeScore(run.scores[i]!)),
    ]),
    ['patients without a prediction', ...runs.map(({ failed }) => String(failed))],
  ]);
  const differences = others.map(({ name, differences }) => {
    const rows = differences.map((difference) => {
      const { value, low, high, p } = difference;
      const told = [value, low, high].map((each) => `${each < 0 ? '' : '+'}${each.toFixed(3)}`);
      return [difference.name, told[0]!, `95 % ${told[1]} to ${told[2]}`, `p ${p.toFixed(3)}`];
    });
    return `${name} minus ${base!.name}, paired\n${columnsOf(rows)}`;
  });
  const columns = Object.keys(base!.ranks);
  const ranking = [...runs]
    .sort((a, b) => a.ranks['total']! - b.ranks['total']!)
    .map(({ name, ranks, first }) => [
      name,
      ...columns.map((column) => String(ranks[column])),
      `${(100 * first).toFixed(0)} %`,
    ]);
  return (
    `${task}: ${runs.length} runs over ${cases} patients\n${scores}${differences.join('')}` +
    `ranks (Borda count), and the share of resamples in which a run comes first\n` +
    columnsOf([['', ...columns, 'first'], ...ranking])
  );
}

/** Runs by the last part of their paths, where these differ. */
function shortened(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const names = runs.map(({ name }) => basename(name));
  if (new Set(names).size < runs.length) return runs;
  return runs.map((run, i) => ({ ...run, name: names[i]! }));
}
