import type { Task } from '@hecktor/case-io';
import type { Program } from '@hecktor/runtime';
import { superviseCase } from './supervise-case.ts';

/**
 * The main thread of a container: takes one case to its output, or serves case after case where the
 * environment says so.
 *
 * @throws HecktorError for everything that ends the run.
 */
export async function superviseTask(task: Task, program: Program): Promise<void> {
  const { api, dumpTensor, planOnly } = program.config;
  if (api === 'exec' || planOnly || dumpTensor !== undefined) return superviseCase(task, program);
  const { superviseInvokes } = await import('./supervise-invokes.ts');
  return superviseInvokes(task, program);
}
