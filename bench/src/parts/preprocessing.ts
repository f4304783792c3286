import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureProcess } from '../measure/measure-process.ts';
import { peakMebibytes, quantity, runPairs, stageSeconds, timeOf } from '../measure/run-pairs.ts';
import { describeTensors } from '../report/describe.ts';
import type { Row, Section } from '../report/report.ts';
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

/** Voxels of the CT, mm in plane and from slice to slice: one row of time and of memory each. */
const SPACINGS = [
  ...[0.2, 0.3, 0.4, 0.49, 0.7, 0.98, 1.5, 3].map((inPlane) => [inPlane, 2] as const),
  ...[0.5, 1, 3, 5].map((slice) => [0.98, slice] as const),
];

/** Preprocessing at voxel sizes from the finest to the coarsest: time and memory have no cliff. */
export async function measureSpacings(context: PartContext): Promise<Section> {
  const { work, pairs, python } = context;
  const rows: Row[] = [];
  for (const [inPlane, slice] of SPACINGS) {
    const args = ['spacing', work, String(inPlane), String(slice)];
    const made = await measureProcess(driver('make-case', args));
    const { ct, pet } = made.lines.at(-1)!.line['made'] as { ct: string; pet: string };
    const images = ['--ct', ct, '--pet', pet, '--threads', String(pairs.threads)];
    const runs = await runPairs(
      {
        ours: driver('prepare', [...images, '--recipe', RECIPE]),
        ...(python && { python: python('task1.py', ['preprocessing', ...images]) }),
      },
      pairs,
    );
    const name = `${inPlane} x ${inPlane} x ${slice} mm`;
    rows.push(
      quantity({ name, unit: 's', target: 0.15 }, runs, {
        ours: (run) => stageSeconds(run, 'preprocessing'),
        python: (run) => stageSeconds(run, ...PYTHON_STAGES),
      }),
      quantity({ name: `${name}, memory`, unit: 'MiB' }, runs, { ours: peakMebibytes }),
    );
  }
  return {
    title: 'Preprocessing by voxel size',
    rows,
    notes: ['The CT has 512x512 voxels a slice.'],
  };
}

function readFloats(file: string): Float32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
