import type { Task } from '@hecktor/case-io';
import { holdSignals } from '@hecktor/runtime/signals';
import task from '../task.json';

declare const HECKTOR_VERSION: string;

holdSignals();
const { startProgram } = await import('@hecktor/runtime');
const about = { task: task.name, version: HECKTOR_VERSION, url: import.meta.url };

await startProgram(about, async (program) => {
  // Loaded after the first line is out: a person sees at once that the program runs.
  const { superviseTask } = await import('@hecktor/pipeline/supervisor');
  // The build has checked it; TypeScript takes its words for any text.
  await superviseTask(task as Task, program);
});
