import { join } from 'node:path';

/** A task's app in the workspace; paths are absolute. */
export interface Task {
  /** Name of the Nx project, e.g. `task1`. */
  readonly name: string;
  readonly workspace: string;
  /** The app's folder. */
  readonly root: string;
}

/** The task whose app lies in `apps/<name>`. */
export function taskAt(workspace: string, name: string): Task {
  return { name, workspace, root: join(workspace, 'apps', name) };
}

/** The name its image gets unless another is asked for. */
export function defaultTag(task: Task): string {
  return `hecktor-${task.name}:latest`;
}
