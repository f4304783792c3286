import { errorDocs } from '@hecktor/errors';
import { isDebug, stackOf, toHecktorError } from '@hecktor/runtime';
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
 * Runs the body of an executor, which may return false for a failure it has told. An error is told in one line that ends with the place where the
 * documentation explains it; DEBUG=1 shows its stack as well.
 */
export async function runExecutor(
  context: Context,
  body: (task: Task) => Promise<unknown>,
): Promise<Outcome> {
  try {
    if (context.projectName === undefined) throw new Error('this executor belongs to a project');
    const success = await body(taskAt(context.root, context.projectName));
    return { success: success !== false };
  } catch (error) {
    const known = toHecktorError(error);
    if (isDebug(process.env)) console.error(stackOf(known));
    console.error(`${known.message} More: ${errorDocs(known.code)}`);
    return { success: false };
  }
}

/** Resolves a path a user gave, relative to the workspace. */
export function fromWorkspace(task: Task, path: string): string {
  return resolve(task.workspace, path);
}
