import { startProgram } from '@hecktor/runtime';

declare const HECKTOR_VERSION: string;

const about = { task: 'task2', version: HECKTOR_VERSION, url: import.meta.url };

await startProgram(about, async (program) => {
  // Loaded after the first line is out: a person sees at once that the program runs.
  const { superviseRisk } = await import('@hecktor/pipeline/supervisor');
  await superviseRisk(program);
});
