import { SEGMENTATION } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../task.ts';

/** What a task must write. */
export interface ExpectedOutput {
  /** Below the output folder. */
  readonly path: string;
  readonly kind: 'label-map' | 'number' | 'boolean';
}

/** The challenge's one output per task. */
export const EXPECTED_OUTPUTS: Readonly<Record<string, ExpectedOutput>> = {
  task1: { path: SEGMENTATION.path, kind: 'label-map' },
  task2: { path: 'rfs.json', kind: 'number' },
  task3: { path: 'hpv-status.json', kind: 'boolean' },
};

/**
 * What a task writes: the challenge's output of that name, else what its recipe is for.
 *
 * @throws HecktorError CONFIG_INVALID when neither tells.
 */
export async function expectedOutput(task: Task): Promise<ExpectedOutput> {
  const known = EXPECTED_OUTPUTS[task.name] ?? EXPECTED_OUTPUTS[await likeTask(task)];
  if (known !== undefined) return known;
  throw new HecktorError('CONFIG_INVALID', {
    detail: `no output is known for ${task.name}`,
    cause: 'a task whose recipe does not say what it predicts',
    fix: 'complete "kind" and "head" in its resources/pipeline.json',
  });
}

/** The challenge's task that a recipe does the work of. */
async function likeTask({ root }: Task): Promise<string> {
  try {
    const text = await readFile(join(root, 'resources/pipeline.json'), 'utf8');
    const recipe = JSON.parse(text) as { kind?: string; head?: { kind?: string } };
    if (recipe.kind === 'segmentation') return 'task1';
    if (recipe.kind !== 'prediction' || recipe.head?.kind === undefined) return '';
    return recipe.head.kind === 'class' ? 'task3' : 'task2';
  } catch {
    return '';
  }
}
