import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTask, type Task, type TaskInput } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';

export interface ScoredTask extends Task {
  readonly evaluation: NonNullable<Task['evaluation']>;
  /** Columns, in small letters, that a clinical record must not show: the truth of all tasks. */
  readonly hiddenColumns: readonly string[];
}

/** An image that the training set has, by its suffix. */
export type TrainingImage = TaskInput & { readonly trainingSuffix: string };

/** Whether the training set has this input as an image. */
export function isImage(input: TaskInput): input is TrainingImage {
  return input.kind === 'image' && input.trainingSuffix !== undefined;
}

const SCORED_KIND = {
  dice: 'label-map',
  'concordance-index': 'number',
  'balanced-accuracy': 'boolean',
} as const;

/**
 * The tasks in `apps/` that have an `evaluation`, by name.
 */
export function readTasks(apps = 'apps'): ReadonlyMap<string, ScoredTask> {
  const files = readdirSync(apps)
    .map((name) => join(apps, name, 'task.json'))
    .filter((file) => existsSync(file));
  const tasks = files.flatMap((file) => {
    const task = readTask(file);
    const { evaluation, output } = task;
    if (evaluation === undefined) return [];
    const kind = SCORED_KIND[evaluation.metric];
    if (output.kind !== kind) {
      const detail = `${evaluation.metric} scores a ${kind}, and the output is a ${output.kind}`;
      throw new HecktorError('TASK_INVALID', { file, detail });
    }
    return [{ ...task, evaluation }];
  });
  const truth = tasks.flatMap(({ evaluation }) => evaluation.columns);
  const hiddenColumns = ['PatientID', ...truth].map((name) => name.toLowerCase());
  return new Map(tasks.map((task) => [task.name, { ...task, hiddenColumns }]));
}
