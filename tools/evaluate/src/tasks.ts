import { join } from 'node:path';
import type { TaskOutput } from '@hecktor/case-io';
import { readTasks, type CohortTask } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';

export interface ScoredTask extends CohortTask {
  /** The output that is scored: the first one. */
  readonly output: TaskOutput;
  readonly evaluation: NonNullable<CohortTask['evaluation']>;
}

const SCORED_KIND = {
  dice: 'label-map',
  'concordance-index': 'number',
  'balanced-accuracy': 'boolean',
} as const;

/** The tasks in `apps/` that have an `evaluation`, by name. */
export function readScoredTasks(apps = 'apps'): ReadonlyMap<string, ScoredTask> {
  const tasks = [...readTasks(apps).values()].flatMap((task) => {
    const { name, evaluation, outputs } = task;
    if (evaluation === undefined) return [];
    const output = outputs[0]!;
    const kind = SCORED_KIND[evaluation.metric];
    if (output.kind !== kind) {
      const detail = `${evaluation.metric} scores a ${kind}, and the output is a ${output.kind}`;
      throw new HecktorError('TASK_INVALID', { file: join(apps, name, 'task.json'), detail });
    }
    return [[name, { ...task, evaluation, output }] as const];
  });
  return new Map(tasks);
}
