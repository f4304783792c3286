import { readTask, type Task } from '@hecktor/case-io';
import { fileURLToPath } from 'node:url';

const read = (name: string): Task =>
  readTask(fileURLToPath(new URL(`../../../apps/${name}/task.json`, import.meta.url)));

/** The tasks of the challenge, by their names. */
export const TASKS = { task1: read('task1'), task2: read('task2'), task3: read('task3') };
