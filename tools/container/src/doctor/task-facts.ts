import { toHecktorError } from '@hecktor/runtime';
import type { HecktorError } from '@hecktor/errors';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkResources } from '../build/check-resources.ts';
import type { Task } from '../task.ts';
import { filesBelow } from './workspace-facts.ts';

/** What can be learnt about a task's resources and results. */
export interface TaskFacts {
  readonly name: string;
  /** The recipe's name; undefined without a readable recipe. */
  readonly recipe: string | undefined;
  readonly models: readonly { readonly file: string; readonly bytes: number }[];
  /** What keeps the container from running; undefined: nothing. */
  readonly fault: HecktorError | undefined;
  /** Size of the bundled program's archive; undefined: nothing was saved yet. */
  readonly archiveBytes: number | undefined;
  /** Whether the last test run passed; undefined: there was none. */
  readonly passed: boolean | undefined;
}

/** Looks at a task. */
export async function taskFacts(task: Task): Promise<TaskFacts> {
  const resources = join(task.root, 'resources');
  const files = await filesBelow(resources);
  const models = files.filter((file) => file.endsWith('.onnx'));
  return {
    name: task.name,
    recipe: (await readJson(join(resources, 'pipeline.json')))?.['name'] as string | undefined,
    models: await Promise.all(
      models.map(async (file) => ({ file, bytes: (await stat(join(resources, file))).size })),
    ),
    fault: await checkResources(resources, { task: task.name }).then(
      () => undefined,
      (thrown: unknown) => toHecktorError(thrown),
    ),
    archiveBytes: await stat(join(task.workspace, 'dist', `submission_${task.name}.tar.gz`)).then(
      ({ size }) => size,
      () => undefined,
    ),
    passed: (await readJson(join(task.workspace, 'dist/test-run', task.name, 'verdict.json')))?.[
      'passed'
    ] as boolean | undefined,
  };
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
