import { join } from 'node:path';
import type { OutputEvaluation } from '@hecktor/case-io';
import { lookAt, readTasks, type CohortTask } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';

/** A task and the one of its outputs that is scored. */
export interface ScoredTask extends CohortTask {
  readonly evaluation: OutputEvaluation;
}

const SCORED_KINDS = {
  dice: ['label-map'],
  'concordance-index': ['number'],
  'balanced-accuracy': ['boolean', 'class'],
} as const;

/** The tasks in `apps/` that are scored, by name, with the first output that is. */
export function readScoredTasks(apps = 'apps'): ReadonlyMap<string, ScoredTask> {
  const tasks = [...readTasks(apps).values()].flatMap((task) => {
    const parts = partsOf(task);
    for (const { evaluation, output } of parts) {
      const kinds: readonly string[] = SCORED_KINDS[evaluation.metric];
      if (kinds.includes(output.kind)) continue;
      const wanted = `${evaluation.metric} scores a ${kinds.join(' or ')}`;
      throw new HecktorError('TASK_INVALID', {
        file: join(apps, task.name, 'task.json'),
        detail: `${wanted}, and ${output.name} is a ${output.kind}`,
      });
    }
    return parts.slice(0, 1).map((first) => [task.name, first] as const);
  });
  return new Map(tasks);
}

/** The outputs of a task that are scored, each looked at in turn. */
export function partsOf(task: CohortTask): readonly ScoredTask[] {
  return task.outputs.flatMap((output) => {
    const { evaluation } = output;
    return evaluation === undefined ? [] : [{ ...lookAt(task, output), evaluation }];
  });
}
