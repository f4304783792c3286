import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The same weights for both sides. */
export interface Weights {
  readonly resources: string;
  readonly checkpoint: string;
  /** What they are, for the report. */
  readonly about: string;
}

const MAKER = 'bench/python/make_checkpoint.py';
const EXPORTER = 'tools/export';

/**
 * A network of the baseline's size with seeded random weights: its checkpoint and its export by the
 * baseline recipe, made on first use and again when the exporter changes.
 *
 * @throws Error with the end of the output when Python cannot make them.
 */
export function makeWeights(work: string, interpreter: string): Weights {
  const folder = join(work, `weights-${digest([MAKER, ...pythonFiles(EXPORTER)])}`);
  const weights = {
    resources: join(folder, 'resources'),
    checkpoint: join(folder, 'best_model.pth'),
    about: "random weights of the baseline's size, so that the masks are noise",
  };
  if (existsSync(folder)) return weights;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const checkpoint = join(unfinished, 'best_model.pth');
  const resources = join(unfinished, 'resources');
  run(interpreter, [MAKER, checkpoint]);
  const options = ['--task', 'task1', '--recipe', 'baseline', '--out', resources];
  run(interpreter, [`${EXPORTER}/export.py`, '--checkpoint', checkpoint, ...options]);
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
