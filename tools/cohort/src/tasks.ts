import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  readTask,
  type OutputEvaluation,
  type Task,
  type TaskInput,
  type TaskOutput,
} from '@hecktor/case-io';

/** A task, the one of its outputs that is looked at, and what its cohorts have to hide. */
export interface CohortTask extends Task {
  readonly output: TaskOutput;
  /** How that output is scored. */
  readonly evaluation?: OutputEvaluation | undefined;
  /**
   * Columns, in small letters, that a clinical record must not show: the truth of all tasks, but for
   * what this one is given.
   */
  readonly hiddenColumns: readonly string[];
}

/** An image that the training set has, by its suffix. */
type TrainingImage = TaskInput & { readonly trainingSuffix: string };

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
  const truth = tasks.flatMap(({ outputs }) =>
    outputs.flatMap(({ evaluation }) => evaluation?.columns ?? []),
  );
  return new Map(
    tasks.map((task) => {
      const given = task.inputs.flatMap(({ columns = [] }) => columns);
      const hidden = ['PatientID', ...truth.filter((name) => !given.includes(name))];
      const hiddenColumns = hidden.map((name) => name.toLowerCase());
      return [task.name, { ...lookAt(task, task.outputs[0]!), hiddenColumns }];
    }),
  );
}

/** The same task, with one of its outputs looked at. */
export function lookAt<T extends Task>(task: T, output: TaskOutput) {
  return { ...task, output, evaluation: output.evaluation };
}
