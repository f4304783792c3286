import { HecktorError } from '@hecktor/errors';
import { resolve } from 'node:path';
import { taskAt, type Task } from '../task.ts';

/** The part of Nx's executor context that is used here. */
export interface Context {
  readonly root: string;
  readonly projectName?: string;
}

/** What Nx wants back. */
export interface Outcome {
  readonly success: boolean;
}

/**
 * Runs the body of an executor. A foreseen error is told in one line; only an unforeseen one, or
 * DEBUG=1, shows a stack.
 */
export async function runExecutor(
  context: Context,
  body: (task: Task) => Promise<void>,
): Promise<Outcome> {
  try {
    if (context.projectName === undefined) throw new Error('this executor belongs to a project');
    await body(taskAt(context.root, context.projectName));
    return { success: true };
  } catch (error) {
    const known = error instanceof HecktorError && !process.env['DEBUG'];
    console.error(known ? error.message : error);
    return { success: false };
  }
}

/** Resolves a path a user gave, relative to the workspace. */
export function fromWorkspace(task: Task, path: string): string {
  return resolve(task.workspace, path);
}
