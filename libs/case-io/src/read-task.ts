import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { explainSchemaErrors, HecktorError } from '@hecktor/errors';
import { TASK_SCHEMA, type Task } from './task.ts';

/**
 * Reads a task's `task.json`.
 *
 * @throws HecktorError TASK_INVALID naming what is wrong with it.
 */
export function readTask(file: string): Task {
  const fail = (detail: string, origin?: unknown): never => {
    throw new HecktorError('TASK_INVALID', { file, detail, origin });
  };
  let task: unknown;
  try {
    task = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail((error as Error).message, error);
  }
  const validate = new Ajv({ allErrors: true, verbose: true, strict: false }).compile<Task>(
    TASK_SCHEMA,
  );
  if (!validate(task)) {
    return fail(explainSchemaErrors(validate.errors ?? [], task, 'the task').join('; '));
  }
  const { inputs, output } = task;
  const names = inputs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return fail(`two inputs have the name "${twice}"`);
  if (
    output.kind === 'label-map' &&
    !inputs.some((i) => i.kind === 'image' && i.name === output.grid)
  ) {
    return fail(`output.grid is "${output.grid}", which is no image of inputs`);
  }
  return task;
}
