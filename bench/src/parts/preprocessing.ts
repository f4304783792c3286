import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stageSeconds, timeOf, peakMebibytes, quantity, runPairs } from '../measure/run-pairs.ts';
import { describeTensors } from '../report/describe.ts';
import type { Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

const RECIPE = 'libs/recipe/recipes/baseline.json';
const PYTHON_STAGES = ['resample', 'crop-neck', 'intensity-crop-pad', 'tensor'];

/** From the images in memory to the network's input, by the baseline recipe. */
export async function measurePreprocessing(context: PartContext): Promise<Section> {
  const { work, pairs, python } = context;
  const { ct, pet } = context.case;
  const images = ['--ct', ct, '--pet', pet, '--threads', String(pairs.threads)];
  const dump = { ours: join(work, 'tensor-ours.raw'), python: join(work, 'tensor-python.raw') };
  const runs = await runPairs(
    {
      ours: driver('prepare', [...images, '--recipe', RECIPE, '--dump', dump.ours]),
      ...(python && {
        python: python('task1.py', ['preprocessing', ...images, '--dump', dump.python]),
      }),
    },
    pairs,
  );
  const notes = [
    'Preprocessing is from the images in memory to the tensor; the whole process has start-up and reading too.',
  ];
  if (runs.python !== undefined) {
    notes.push(describeTensors(readFloats(dump.ours), readFloats(dump.python), ['ct', 'pet']));
  }
  for (const file of Object.values(dump)) rmSync(file, { force: true });
  return {
    title: 'Preprocessing',
    rows: [
      quantity({ name: 'preprocessing', unit: 's', target: 0.2 }, runs, {
        ours: (run) => stageSeconds(run, 'preprocessing'),
        python: (run) => stageSeconds(run, ...PYTHON_STAGES),
      }),
      quantity({ name: 'reading', unit: 's' }, runs, {
        ours: (run) => stageSeconds(run, 'reading'),
        python: (run) => stageSeconds(run, 'read'),
      }),
      quantity({ name: 'whole process', unit: 's' }, runs, { ours: (run) => timeOf(run, 'done') }),
      quantity({ name: 'CPU, whole process', unit: 's' }, runs, { ours: (run) => run.cpu }),
      quantity({ name: 'peak memory', unit: 'MiB', target: 0.5 }, runs, { ours: peakMebibytes }),
    ],
    notes,
  };
}

function readFloats(file: string): Float32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
