import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../options.ts';

/** The same weights for both sides. */
export interface Weights {
  readonly resources: string;
  readonly checkpoint: string;
  readonly about: string;
}

/** What makes and what exports the checkpoint of a task. */
interface Recipe {
  readonly maker: string;
  readonly sources: readonly string[];
  /** Arguments of the maker, given where the checkpoint shall be. */
  readonly make: (checkpoint: string) => readonly string[];
  /** Where the checkpoint lies in its folder; a folder of its own where it is several files. */
  readonly checkpoint: string;
  /** Arguments of the exporter that name the checkpoint's files. */
  readonly files: (checkpoint: string) => readonly string[];
  readonly about: string;
}

const EXPORTER = 'tools/export';
const PYTHON = 'bench/python';
const prediction = (task: Task, files: Recipe['files']): Recipe => ({
  maker: `${PYTHON}/make_prediction_checkpoint.py`,
  sources: [`${PYTHON}/prediction_networks.py`],
  make: (checkpoint) => [task, checkpoint],
  checkpoint: 'checkpoint',
  files,
  about: "random weights of the baseline's size, so that the answers mean nothing",
});

const RECIPES: Readonly<Record<Task, Recipe>> = {
  task1: {
    maker: `${PYTHON}/make_checkpoint.py`,
    sources: [`${PYTHON}/network.py`],
    make: (checkpoint) => [checkpoint],
    checkpoint: 'best_model.pth',
    files: (checkpoint) => ['--checkpoint', checkpoint],
    about: "random weights of the baseline's size, so that the masks are noise",
  },
  task2: prediction('task2', (folder) => [
    ...['--checkpoint', join(folder, 'ensemble_model.pt')],
    ...['--preprocessors', join(folder, 'clinical_preprocessors.pkl')],
  ]),
  task3: prediction('task3', (folder) => [
    ...['--checkpoint', join(folder, 'best_model.pt')],
    ...['--scaler', join(folder, 'scaler.joblib')],
    ...['--encoder', join(folder, 'ohe.joblib')],
  ]),
};

/**
 * Networks of the baseline's size with seeded random weights: their checkpoint and its export by
 * the baseline recipe, made on first use and again when the exporter changes.
 *
 * @throws Error with the end of the output when Python cannot make them.
 */
export function makeWeights(task: Task, work: string, interpreter: string): Weights {
  const { maker, sources, make, files, about, ...recipe } = RECIPES[task];
  const key = digest([maker, ...sources, ...pythonFiles(EXPORTER)]);
  const folder = join(work, `weights-${task}-${key}`);
  const weights = {
    resources: join(folder, 'resources'),
    checkpoint: join(folder, recipe.checkpoint),
    about,
  };
  if (existsSync(folder)) return weights;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const checkpoint = join(unfinished, recipe.checkpoint);
  const resources = join(unfinished, 'resources');
  run(interpreter, [maker, ...make(checkpoint)]);
  const options = ['--task', task, '--recipe', 'baseline', '--out', resources];
  run(interpreter, [`${EXPORTER}/export.py`, ...files(checkpoint), ...options]);
  renameSync(unfinished, folder);
  return weights;
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const tail = `${stdout}${stderr}`.trim().slice(-2000);
  throw new Error(`${command} ${args[0]} ended with ${status}:\n${tail}`);
}

function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .sort()
    .map((name) => join(folder, name));
}

function digest(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
