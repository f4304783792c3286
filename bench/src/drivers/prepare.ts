// node dist/bench/bin/prepare.mjs --ct <file> --pet <file> --recipe <file> --threads <n> [--dump <file>]
// From files to the network's input, as the container does it; tells stage times at the end.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { prepareCase } from '@hecktor/pipeline';
import { runKernel, type KernelJob } from '@hecktor/preprocessing';
import { parseRecipe, SEGMENTATION } from '@hecktor/recipe';
import { createKernelPool, createStageTimer, type Log } from '@hecktor/runtime';
import { tell } from './tell.ts';

const { values } = parseArgs({
  options: {
    ct: { type: 'string', default: '' },
    pet: { type: 'string', default: '' },
    recipe: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    dump: { type: 'string' },
  },
});
const threads = Number(values.threads);
tell('imported', { versions: { node: process.version } });
const pool = createKernelPool<KernelJob>({
  worker: new URL('./kernel-worker.mjs', import.meta.url),
  threads,
  runKernel,
});
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const timer = createStageTimer();
const recipe = parseRecipe(readFileSync(values.recipe, 'utf8'), SEGMENTATION);
const { tensor } = await prepareCase({ ct: values.ct, pet: values.pet }, recipe, {
  log,
  timer,
  threads,
  remainingMs: () => Infinity,
  onProgress: quiet,
  run: pool.run,
});
await pool.close();

tell('done', { seconds: timer.seconds(), dims: tensor.dims });
// After the last line, so that it does not count.
if (values.dump !== undefined) writeFileSync(values.dump, tensor.data);
