import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTask, type Task, type TaskInput, type TaskOutput } from '@hecktor/case-io';

/** A task, the one of its outputs that is looked at, and what its cohorts have to hide. */
export interface CohortTask extends Task {
  readonly output: TaskOutput;
  /** Columns, in small letters, that a clinical record must not show: the truth of all tasks. */
  readonly hiddenColumns: readonly string[];
}

/** An image that the training set has, by its suffix. */
export type TrainingImage = TaskInput & { readonly trainingSuffix: string };

/** Whether the training set has this input as an image. */
export function isTrainingImage(input: TaskInput): input is TrainingImage {
  return input.kind === 'image' && input.trainingSuffix !== undefined;
}

/** The tasks in `apps/`, by name, with their first output. Throws TASK_INVALID. */
export function readTasks(apps = 'apps'): ReadonlyMap<string, CohortTask> {
  const tasks = readdirSync(apps)
    .map((name) => join(apps, name, 'task.json'))
    .filter((file) => existsSync(file))
    .map(readTask);
  const truth = tasks.flatMap(({ evaluation }) => evaluation?.columns ?? []);
  const hiddenColumns = ['PatientID', ...truth].map((name) => name.toLowerCase());
  return new Map(
    tasks.map((task) => [task.name, { ...task, output: task.outputs[0]!, hiddenColumns }]),
  );
}
