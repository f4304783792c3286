import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { labelMapOf, type Label, type TaskOutput } from '@hecktor/case-io';
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
import type { Answer, RunResult, StudyInfo } from './api.ts';
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
  /** Numbers and classes, by output. */
  readonly values: readonly (readonly [output: TaskOutput, answers: Answers])[];
  /** By the name of the output, and by case. */
  readonly scores: ReadonlyMap<string, ReadonlyMap<string, CaseScore>>;
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
    const mask = labelMapOf(task);
    // Label maps of other software come without the other outputs of a task.
    const values = mask === undefined || isRun(path) ? task.outputs : [];
    return {
      masks: mask && openAnswers(path, { ...task, output: mask }),
      values: values
        .filter(({ kind }) => kind !== 'label-map')
        .map((output) => [output, openAnswers(path, { ...task, output })]),
      scores: new Map(scores[i] === undefined ? [] : readScores(scores[i], task)),
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

/** What `evaluate` wrote: of a task with several scored outputs a folder of each, by its name. */
function readScores(folder: string, { outputs }: CohortTask) {
  const scored = outputs.filter(({ evaluation }) => evaluation !== undefined);
  return scored.map(({ name }) => {
    const file = join(folder, scored.length === 1 ? '' : name, 'cases.csv');
    return [name, new Map(readCases(file).map((row) => [row.id, row]))] as const;
  });
}

function resultOf(id: string, { masks, values, scores }: Run): RunResult {
  const found = values.map(([output, all]) => [output, all.of(id)] as const);
  const failed = [masks?.of(id), ...found.map(([, one]) => one)].find(
    (one) => one !== undefined && 'failure' in one,
  );
  const rows = [...scores.values()].flatMap((byId) => byId.get(id) ?? []);
  const labels = rows.flatMap((row) => Object.entries(row.labels ?? {}));
  const answers = found.flatMap(([{ name, kind }, one]): Answer[] => {
    if ('failure' in one) return [];
    const value = 'value' in one ? one.value : readFileSync(one.file, 'utf8').trim();
    const truth = truthOf(scores.get(name)?.get(id));
    const number = kind === 'number' ? { number: Number(value) } : {};
    return [{ output: name, value: value.replace(/^"(.*)"$/, '$1'), ...number, ...truth }];
  });
  const missedOrFalse = labels.map(([, label]) => label.falsePositives + label.falseNegatives);
  const wrong = answers.filter(({ isWrong }) => isWrong).length;
  return {
    failure: failed?.failure ?? rows.find(({ error }) => error !== undefined)?.error,
    dsc: Object.fromEntries(
      labels.flatMap(([name, { dsc }]) => (Number.isFinite(dsc) ? [[name, dsc]] : [])),
    ),
    errors: missedOrFalse.reduce((sum, n) => sum + n, wrong),
    answers,
  };
}

function truthOf(score: CaseScore | undefined): Pick<Answer, 'truth' | 'isWrong'> {
  const { survival, classification, namedClass } = score ?? {};
  if (survival !== undefined) {
    const { event, time } = survival;
    return { truth: `${event ? 'recurrence after' : 'no recurrence in'} ${time} days` };
  }
  const scored = namedClass ?? classification;
  return scored === undefined
    ? {}
    : { truth: String(scored.truth), isWrong: scored.truth !== scored.prediction };
}
