import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { stageSeconds, peakMebibytes, quantity, runPairs } from '../measure/run-pairs.ts';
import { describeMasks } from '../report/describe.ts';
import type { Section } from '../report/report.ts';
import { appProgram, type PartContext } from './part-context.ts';
import type { Weights } from './weights.ts';

/** Where the container program writes its mask, under its output folder. */
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';

/** The whole case: from the start of the process to the mask in its file. */
export async function measureEndToEnd(context: PartContext, weights: Weights): Promise<Section> {
  const { work, pairs, python } = context;
  const { folder: input, ct, pet } = context.case;
  const output = join(work, 'output');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const pythonMask = join(output, 'python.mha');
  const { resources, checkpoint } = weights;
  const files = ['--ct', ct, '--pet', pet, '--checkpoint', checkpoint, '--out', pythonMask];
  const runs = await runPairs(
    {
      ours: appProgram({ input, output, resources, threads: pairs.threads }),
      ...(python && {
        python: python('task1.py', ['end-to-end', ...files, '--threads', String(pairs.threads)]),
      }),
    },
    pairs,
  );
  const notes = [`Weights: ${weights.about}.`];
  if (runs.python !== undefined) {
    const masks = await Promise.all(
      [join(output, MASK), pythonMask].map(async (file) => toNumeric(await readVolume(file))),
    );
    notes.push(describeMasks(masks[0]!, masks[1]!));
  }
  return {
    title: 'The whole case',
    rows: [
      quantity({ name: 'wall time', unit: 's', target: 0.7 }, runs, { ours: (run) => run.wall }),
      quantity({ name: 'CPU time', unit: 's' }, runs, { ours: (run) => run.cpu }),
      quantity({ name: 'peak memory', unit: 'MiB', target: 0.5 }, runs, { ours: peakMebibytes }),
      quantity({ name: 'of it inference', unit: 's' }, runs, {
        ours: (run) => stageSeconds(run, 'inference'),
      }),
    ],
    notes,
  };
}
