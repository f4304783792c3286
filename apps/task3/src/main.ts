import { startProgram } from '@hecktor/runtime';

declare const HECKTOR_VERSION: string;

const about = { task: 'task3', version: HECKTOR_VERSION, url: import.meta.url };

await startProgram(about, async (program) => {
  // Loaded after the first line is out: a person sees at once that the program runs.
  const { superviseHpv } = await import('@hecktor/pipeline/supervisor');
  await superviseHpv(program);
});
