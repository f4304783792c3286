// Scores predictions of labelled patients, or runs a task's program on them first.
//   node tools/build/run-ts.mjs tools/evaluate/src/main.ts --task task2 --data <cohort>
import { dirname, join } from 'node:path';
import { assertWritable } from '@hecktor/case-io';
import { formatCases, type Cohort } from '@hecktor/cohort';
import { writeJson, writeText } from '@hecktor/files';
import { assertApart, createProgress, predictCohort } from '@hecktor/predict';
import { runCommand } from '@hecktor/runtime';
import { compareRuns, describeComparison, readScored, type Run } from './compare.ts';
import { assertDirection, describeDirection } from './direction.ts';
import { evaluate, scorerOf, type EvaluateOptions, type Evaluation } from './evaluate.ts';
import { readOptions } from './options.ts';
import { describePlanCost, planCost } from './plan-cost.ts';
import { report, type Scored } from './report.ts';
import { labelsOf } from './score-segmentation.ts';
import { parseSweep, type RuleSweep } from './sweep-rules.ts';
import { describeSweeps, sweepRules } from './sweep.ts';
import { describeSummary } from './text.ts';
import { readTruth } from './truth.ts';
import { describeSum, weightedSum } from './weighted-sum.ts';

type Options = ReturnType<typeof readOptions>;

async function main(signal: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const { task, parts, truth, data, limit, out } = options;
  // Hours of cases would be lost at the end.
  assertWritable(out);
  if (options.report !== undefined) assertWritable(dirname(options.report));
  if (parts.length > 1) return scoreParts(options, signal);
  const labelled = readTruth(truth, task, data);
  const cohort = { ...labelled, cases: labelled.cases.slice(0, limit) };
  if (options.runs.length > 0) return compare(options, cohort);
  if (options.planCost) return costOfPlans(options, cohort, signal);
  const sweeps = sweepsOf(options, cohort);
  // Before hours of cases are run: a truth that cannot be scored.
  scorerOf(task, cohort, options.conventions);
  const predictions = options.pred ?? (await predict(options, cohort, signal));
  const how = { task, cohort, predictions, conventions: options.conventions };
  const evaluation = await evaluate(how);
  const { rows, summary, secondsPerCase } = evaluation;
  await writeText(join(out, 'cases.csv'), formatCases(rows));
  await writeJson(join(out, 'summary.json'), summary);
  process.stdout.write(describeSummary(summary, rows, secondsPerCase));
  await sweep(sweeps, how, evaluation, out);
  process.stdout.write(`written: ${join(out, 'cases.csv')}, ${join(out, 'summary.json')}\n`);
  await writePage(options, [{ ...how, ...evaluation }]);
  if (options.direction) {
    assertDirection(summary, options.resources);
    if (!Number.isNaN(summary.scores[0]?.value)) process.stdout.write(describeDirection(summary));
  }
  if (Number.isNaN(summary.scores[0]?.value)) return 1;
  return summary.failed > 0 && !options.allowFailures ? 1 : 0;
}

/** Runs the program on all patients; returns the folder of the predictions. */
async function predict(options: Options, cohort: Cohort, signal: AbortSignal): Promise<string> {
  const out = join(options.out, 'predictions');
  assertApart(out, cohort);
  const progress = createProgress(process.stderr);
  await predictCohort({ ...options.predict(), cases: cohort.cases, out, progress, signal });
  return out;
}

/** Scores a task with several outputs: each for itself, and their weighted sum. */
async function scoreParts(options: Options, signal: AbortSignal): Promise<number> {
  const { parts, truth, data, limit, out, conventions } = options;
  const cohorts = parts.map((part) => {
    const cohort = readTruth(truth, part, data);
    return { ...cohort, cases: cohort.cases.slice(0, limit) };
  });
  const all = new Map(cohorts.flatMap(({ cases }) => cases.map((one) => [one.id, one])));
  for (const [i, part] of parts.entries()) scorerOf(part, cohorts[i]!, conventions);
  const predictions =
    options.pred ?? (await predict(options, { ...cohorts[0]!, cases: [...all.values()] }, signal));
  const evaluated: Scored[] = [];
  for (const [i, task] of parts.entries()) {
    const how = { task, cohort: cohorts[i]!, predictions, conventions };
    const one = { ...how, ...(await evaluate(how)) };
    const folder = join(out, task.output.name);
    await writeText(join(folder, 'cases.csv'), formatCases(one.rows));
    await writeJson(join(folder, 'summary.json'), one.summary);
    const titled = { ...one.summary, task: `${task.name}: ${task.output.name}` };
    process.stdout.write(describeSummary(titled, one.rows, one.secondsPerCase));
    evaluated.push(one);
  }
  const total = weightedSum(
    parts,
    evaluated.map(({ rows }) => rows),
    conventions,
  );
  await writeJson(join(out, 'score.json'), total);
  process.stdout.write(`${describeSum(total)}written: ${join(out, 'score.json')}\n`);
  await writePage(options, evaluated, total);
  const failed = evaluated.some(({ summary }) => summary.failed > 0);
  return Number.isNaN(total.value) || (failed && !options.allowFailures) ? 1 : 0;
}

/** Writes the report where one is asked for. */
async function writePage(
  { report: file }: Options,
  scored: readonly Scored[],
  total?: ReturnType<typeof weightedSum>,
): Promise<void> {
  if (file === undefined) return;
  await report(file, scored, total);
  process.stdout.write(`written: ${file}\n`);
}

function sweepsOf({ task, sweeps }: Options, { cases }: Cohort): RuleSweep[] {
  const hasImage = (name: string): boolean => cases.every(({ images }) => name in images);
  return sweeps.flatMap((text) => parseSweep(text, labelsOf(task), hasImage));
}

async function sweep(
  sweeps: readonly RuleSweep[],
  how: EvaluateOptions,
  { rows }: Evaluation,
  out: string,
): Promise<void> {
  if (sweeps.length === 0) return;
  const file = join(out, 'sweep.json');
  const results = await sweepRules(sweeps, rows, how);
  await writeJson(file, results);
  process.stdout.write(`${describeSweeps(results)}written: ${file}\n`);
}

/** Each run is what `--pred` takes, or the `--out` folder of an evaluation. */
async function compare(options: Options, cohort: Cohort): Promise<number> {
  const { task, conventions, out } = options;
  const runs: Run[] = [];
  for (const name of options.runs) {
    const known = readScored(name, task, conventions);
    const rows = known ?? (await evaluate({ task, cohort, predictions: name, conventions })).rows;
    runs.push({ name, rows });
  }
  const comparison = compareRuns(runs, task, conventions);
  const file = join(out, 'comparison.json');
  await writeJson(file, comparison);
  process.stdout.write(`${describeComparison(comparison)}written: ${file}\n`);
  return 0;
}

async function costOfPlans(options: Options, cohort: Cohort, signal: AbortSignal): Promise<number> {
  const { task, conventions, out } = options;
  assertApart(out, cohort);
  const run = { ...options.predict(), progress: createProgress(process.stderr), signal, out };
  const levels = await planCost(run, { task, cohort, conventions });
  const file = join(out, 'plan-cost.json');
  await writeJson(file, levels);
  process.stdout.write(`${describePlanCost(levels)}written: ${file}\n`);
  return levels.some(({ summary }) => summary.failed > 0) && !options.allowFailures ? 1 : 0;
}

await runCommand(main);
