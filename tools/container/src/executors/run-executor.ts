import { errorDocs, HecktorError } from '@hecktor/errors';
import { isDebug, stackOf, toHecktorError } from '@hecktor/runtime';
import { resolve } from 'node:path';
import { taskAt, type Task } from '../task.ts';
import { visible } from '../visible.ts';

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
 * Runs the body of an executor, which may return false for a failure it has told. An error is told in
 * one line that ends with the place where the documentation explains it; DEBUG=1 shows its stack too.
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
    console.error(`${visible(known.message)} More: ${errorDocs(known.code)}`);
    return { success: false };
  }
}

/**
 * Resolves a path a user gave, relative to the workspace.
 *
 * @throws HecktorError OPTION_INVALID for an empty one, which would be the workspace itself.
 */
export function fromWorkspace(task: Task, path: string): string {
  if (path.trim() !== '') return resolve(task.workspace, path);
  throw new HecktorError('OPTION_INVALID', {
    detail: 'an option for a file or a folder is empty',
    cause: 'a variable of the shell that is not set',
    fix: 'give the path, or leave the option out',
  });
}
