import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Task, TaskOutput } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { readPredictions } from './predictions.ts';
import { isMissing, readTable } from './table.ts';

/** What was predicted for a patient: a file of the container, or fields of a table. */
export type Answer =
  | { readonly file: string; readonly log?: string }
  | { readonly value: string; readonly probability: string | undefined };

/** The predictions of a set. */
export interface Answers {
  /** The patients that it knows. */
  readonly ids: readonly string[];
  readonly of: (id: string) => Answer | { readonly failure: string };
  /** Undefined where nothing is known of run times. */
  readonly secondsPerCase?: number | undefined;
}

/** A task with the output that is asked for. */
type OneOutput = Pick<Task, 'name'> & { readonly output: TaskOutput };

const MASK = /^(.+?)\.(nii\.gz|nii|mha)$/;
const NOTHING = { failure: 'no prediction' };

/**
 * Opens what is to be scored: a folder of `predict`, a folder of masks `<id>.nii.gz` (`.nii`, `.mha`)
 * or a table `id,value`, with `probability` as a third column where the value is a class.
 *
 * @throws HecktorError PREDICTIONS_INVALID
 */
export function openAnswers(path: string, task: OneOutput): Answers {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw invalid(path, 'there is no such file or folder');
  if (!stat.isDirectory()) return fromTable(path, task);
  if (existsSync(join(path, 'run.json'))) return fromRun(path, task);
  if (task.output.kind === 'label-map') return fromMasks(path);
  throw invalid(path, `no run.json of predict; ${task.name} takes a table id,value otherwise`);
}

function fromRun(folder: string, task: OneOutput): Answers {
  const { run, cases, pending } = readPredictions(folder);
  if (run.task !== task.name) throw invalid(folder, `it is of ${run.task}, not of ${task.name}`);
  const byId = new Map(cases.map((one) => [one.id, one]));
  const waiting = new Set(pending);
  const seconds = cases.map(({ usage }) => usage.seconds);
  return {
    ids: run.cases.map(({ id }) => id),
    of: (id) => {
      const one = byId.get(id);
      if (one === undefined) return waiting.has(id) ? { failure: 'not predicted yet' } : NOTHING;
      if (one.error !== undefined) return { failure: one.error.message };
      const file = join(one.output, task.output.path);
      if (!existsSync(file)) return { failure: `wrote no ${task.output.path}` };
      return { file, log: join(dirname(one.output), 'log.jsonl') };
    },
    secondsPerCase: seconds.reduce((sum, each) => sum + each, 0) / seconds.length,
  };
}

/** The masks of a folder, by the patient's id. */
export function masksIn(folder: string): ReadonlyMap<string, string> {
  const masks = new Map<string, string>();
  for (const name of readdirSync(folder).sort()) {
    const id = MASK.exec(name)?.[1];
    if (id === undefined) continue;
    const file = join(folder, name);
    if (masks.has(id)) throw invalid(folder, `two masks of ${id}`);
    masks.set(id, file);
  }
  return masks;
}

function fromMasks(folder: string): Answers {
  const masks = masksIn(folder);
  if (masks.size === 0) throw invalid(folder, 'neither run.json of predict nor masks <id>.nii.gz');
  return {
    ids: [...masks.keys()],
    of: (id) => {
      const file = masks.get(id);
      return file === undefined ? NOTHING : { file };
    },
  };
}

function fromTable(file: string, { name, output }: OneOutput): Answers {
  if (output.kind === 'label-map') throw invalid(file, `${name} is scored by masks, in a folder`);
  const { columns, rows } = readTable(file);
  const missing = ['id', 'value'].filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw invalid(file, `no column ${missing.join(' and ')}; it has ${columns.join(', ')}`);
  }
  const byId = new Map(rows.map((row) => [row['id'] ?? '', row]));
  if (byId.size < rows.length) throw invalid(file, 'a patient is there twice');
  return {
    ids: [...byId.keys()],
    of: (id) => {
      const row = byId.get(id);
      const value = row?.['value'];
      if (value === undefined || value === '') return NOTHING;
      if (isMissing(value)) return { failure: `${file} has '${value}' for it` };
      return { value, probability: row?.['probability'] };
    },
  };
}

/** The last probability that a program logged with its prediction; NaN without any. */
export function loggedProbability(log: string | undefined): number {
  const probability = loggedPredictions(log).at(-1);
  return typeof probability === 'number' ? probability : Number.NaN;
}

/** The last probabilities that a program logged of just these classes; undefined without any. */
export function loggedProbabilities(
  log: string | undefined,
  classes: readonly string[],
): Readonly<Record<string, number>> | undefined {
  const wanted = classes.toSorted().join();
  return loggedPredictions(log)
    .filter((each) => typeof each === 'object')
    .findLast((each) => Object.keys(each).sort().join() === wanted);
}

/** What each stage of a program logged as the probability of its prediction. */
function loggedPredictions(log: string | undefined) {
  if (log === undefined || !existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('"msg":"prediction"}'))
    .map((line) => {
      const { probability } = JSON.parse(line) as {
        probability?: number | Readonly<Record<string, number>>;
      };
      return probability;
    });
}

function invalid(file: string, detail: string): HecktorError {
  const fix = 'name what predict has written, a folder of masks or a table, as in docs/evaluate.md';
  return new HecktorError('PREDICTIONS_INVALID', { file, detail, fix });
}
