import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { labelMapOf, type Label } from '@hecktor/case-io';
import {
  masksIn,
  openAnswers,
  readCases,
  readCohort,
  readPredictions,
  readTasks,
  type Answers,
  type CaseScore,
  type CohortCase,
  type CohortTask,
} from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import type { RunResult, StudyInfo } from './api.ts';
import type { ViewerOptions } from './options.ts';

export interface StudyCase extends Pick<CohortCase, 'row' | 'record'> {
  /** Files by the names under which the page asks for them. */
  readonly images: ReadonlyMap<string, string>;
}

export interface Study {
  readonly info: StudyInfo;
  readonly cases: ReadonlyMap<string, StudyCase>;
  /** What the values of the label maps mean. */
  readonly labels: readonly Label[];
  /** Folders that the user named: nothing beyond them is read. */
  readonly roots: readonly string[];
}

interface Run {
  /** Label maps; undefined where the task has none. */
  readonly masks: Answers | undefined;
  /** Numbers and classes, by the name of the output. */
  readonly values: readonly (readonly [name: string, answers: Answers])[];
  readonly scores: ReadonlyMap<string, CaseScore>;
}

/**
 * Finds what the options name. Images are read when they are asked for.
 *
 * @throws HecktorError OPTION_INVALID, COHORT_INVALID or PREDICTIONS_INVALID.
 */
export function readStudy(options: ViewerOptions): Study {
  const { data, pred, scores } = options;
  const tasks = readTasks();
  const task = chooseTask(tasks, options);
  const runs = pred.map((path, i): Run => {
    const rows = scores[i] === undefined ? [] : readCases(join(scores[i], 'cases.csv'));
    const mask = labelMapOf(task);
    // Label maps of other software come without the other outputs of a task.
    const values = mask === undefined || isRun(path) ? task.outputs : [];
    return {
      masks: mask && openAnswers(path, { ...task, output: mask }),
      values: values
        .filter(({ kind }) => kind !== 'label-map')
        .map((output) => [output.name, openAnswers(path, { ...task, output })]),
      scores: new Map(rows.map((row) => [row.id, row])),
    };
  });
  const cohort = readCohort(data, task).cases;
  const truth = readTruth(options, task);
  const cases = cohort.map(({ id, row, record, images, labels }) => {
    const masks = new Map([['truth', truth?.get(id) ?? labels]]);
    runs.forEach((run, i) => {
      const answer = run.masks?.of(id);
      if (answer !== undefined && 'file' in answer) masks.set(`run-${i}`, answer.file);
    });
    const found = [...Object.entries(images), ...masks].filter(([, file]) => file !== undefined);
    return [id, { row, record, images: new Map(found as [string, string][]) }] as const;
  });
  const named = [data, ...pred, ...(options.truth === undefined ? [] : [options.truth])];
  const isTable = (path: string) => !statSync(path).isDirectory();
  // The paths of a table lead where its author wanted.
  const listed = isTable(data) ? cohort.flatMap((one) => Object.values(one.images)) : [];
  const labels = [...tasks.values()].map((one) => labelMapOf(one)?.labels).find((found) => found);
  return {
    info: {
      title: `${task.name}: ${task.title}`,
      runs: namesOf(pred),
      cases: cohort.map(({ id }) => ({ id, results: runs.map((run) => resultOf(id, run)) })),
    },
    cases: new Map(cases),
    labels: labels ?? [],
    roots: [
      ...new Set([
        ...named.map((path) => (isTable(path) ? dirname(path) : path)),
        ...listed.map(dirname),
      ]),
    ],
  };
}

function chooseTask(
  tasks: ReadonlyMap<string, CohortTask>,
  { task, pred: [first] }: ViewerOptions,
): CohortTask {
  const run = first !== undefined && isRun(first) ? readPredictions(first).run : undefined;
  const name = task ?? run?.task ?? 'task1';
  const found = tasks.get(name);
  if (found !== undefined) return found;
  const detail = `--task: expected one of ${[...tasks.keys()].join(', ')}, got '${name}'`;
  throw new HecktorError('OPTION_INVALID', { detail });
}

/** Label maps by case: of another cohort, or a folder of `<id>.nii.gz`. */
function readTruth({ truth }: ViewerOptions, task: CohortTask) {
  if (truth === undefined) return undefined;
  const masks = masksIn(truth);
  if (masks.size > 0) return masks;
  return new Map(readCohort(truth, task).cases.map(({ id, labels }) => [id, labels]));
}

function isRun(path: string): boolean {
  return existsSync(join(path, 'run.json'));
}

/** Folders of one name go by their whole path. */
function namesOf(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(resolve(path)));
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : paths[i]!,
  );
}

function resultOf(id: string, { masks, values, scores }: Run): RunResult {
  const answers = values.map(([name, all]) => [name, all.of(id)] as const);
  const first = masks?.of(id) ?? answers[0]![1];
  const score = scores.get(id);
  const labels = Object.entries(score?.labels ?? {});
  const wrong = labels.map(([, label]) => label.falsePositives + label.falseNegatives);
  if (score?.classification !== undefined) {
    wrong.push(Number(score.classification.truth !== score.classification.prediction));
  }
  const said = answers.map(([name, answer]) => {
    if ('failure' in answer) return undefined;
    const value = 'value' in answer ? answer.value : readFileSync(answer.file, 'utf8').trim();
    return values.length === 1 ? value : `${name} ${value}`;
  });
  return {
    failure: 'failure' in first ? first.failure : score?.error,
    dsc: Object.fromEntries(
      labels.flatMap(([name, { dsc }]) => (Number.isFinite(dsc) ? [[name, dsc]] : [])),
    ),
    errors: wrong.length === 0 ? undefined : wrong.reduce((sum, n) => sum + n),
    answer: said.filter((one) => one !== undefined).join(', ') || undefined,
  };
}
