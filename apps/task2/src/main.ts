import { fileURLToPath } from 'node:url';
import { createLogger, readConfig, runMain } from '@hecktor/runtime';

declare const HECKTOR_VERSION: string;

const debug = process.env['DEBUG'] === '1';
const log = createLogger({ base: { task: 'task2' }, debug });
log.info('starting', { version: HECKTOR_VERSION, node: process.version });

await runMain(
  async () => {
    const config = readConfig(process.env);
    // Loaded after the first line is out: a person sees at once that the program runs.
    const { supervisePreparation } = await import('@hecktor/pipeline/supervisor');
    await supervisePreparation({
      config,
      log,
      env: process.env,
      worker: new URL('./worker.mjs', import.meta.url),
      kernelWorker: new URL('./kernel-worker.mjs', import.meta.url),
      resources: fileURLToPath(new URL('./resources', import.meta.url)),
    });
  },
  { log, debug },
);
