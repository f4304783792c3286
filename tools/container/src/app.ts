import { readTask, type Task } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { join, resolve } from 'node:path';

/** An app in the workspace; paths are absolute. */
export interface App {
  /** Name of the Nx project, e.g. `task1`. */
  readonly name: string;
  readonly workspace: string;
  /** The app's folder. */
  readonly root: string;
}

/** The app in `apps/<name>`. */
export function appAt(workspace: string, name: string): App {
  return { name, workspace, root: join(workspace, 'apps', name) };
}

/** The task of the challenge that an app serves. */
export function taskOf({ root }: App): Task {
  return readTask(join(root, 'task.json'));
}

/** The name its image gets unless another is asked for. */
export function defaultTag({ name }: App): string {
  return `hecktor-${name}:latest`;
}

/** A path that a user gave, from the workspace; an empty one would be the workspace itself. */
export function fromWorkspace(app: App, path: string): string {
  if (path.trim() !== '') return resolve(app.workspace, path);
  throw new HecktorError('OPTION_INVALID', {
    detail: 'an option for a file or a folder is empty',
    cause: 'a variable of the shell that is not set',
    fix: 'give the path, or leave the option out',
  });
}
