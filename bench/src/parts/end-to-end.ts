import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { stageSeconds, peakMebibytes, quantity, runPairs } from '../measure/run-pairs.ts';
import type { Task } from '../options.ts';
import { describeAnswers, describeMasks } from '../report/describe.ts';
import type { Section } from '../report/report.ts';
import { appProgram, type PartContext } from './part-context.ts';
import type { Weights } from './weights.ts';

/** What the container program writes, below its output folder, and the ratio of times wanted. */
const TASKS = {
  task1: { answer: 'images/tumor-lymph-node-segmentation/output.mha', target: 0.7 },
  task2: { answer: 'rfs.json', target: 1 / 3 },
  task3: { answer: 'hpv-status.json', target: 1 / 3 },
} as const satisfies Record<Task, object>;

/** The whole case: from the start of the process to the answer in its file. */
export async function measureEndToEnd(
  context: PartContext,
  task: Task,
  { resources, checkpoint, about }: Weights,
): Promise<Section> {
  const { work, pairs, python } = context;
  const { folder: input, ct, pet, ehr } = context.case;
  const { answer, target } = TASKS[task];
  const output = join(work, 'output');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const answers = {
    ours: join(output, answer),
    python: join(output, task === 'task1' ? 'python.mha' : 'python.json'),
  };
  const images = ['--ct', ct, '--pet', pet];
  const rest = ['--out', answers.python, '--threads', String(pairs.threads)];
  const runs = await runPairs(
    {
      ours: appProgram({ input, output, resources }, pairs.threads),
      python:
        task === 'task1'
          ? python?.('task1.py', ['end-to-end', ...images, '--checkpoint', checkpoint, ...rest])
          : python?.('prediction.py', [
              ...[task, ...images, '--ehr', ehr],
              ...['--weights', checkpoint, ...rest],
            ]),
    },
    pairs,
  );
  const notes = [`Weights: ${about}.`];
  if (runs.python !== undefined) notes.push(await compareAnswers(task, answers));
  return {
    title: 'The whole case',
    rows: [
      quantity({ name: 'wall time', unit: 's', target }, runs, { ours: (run) => run.wall }),
      quantity({ name: 'CPU time', unit: 's' }, runs, { ours: (run) => run.cpu }),
      quantity({ name: 'peak memory', unit: 'MiB', target: 0.5 }, runs, { ours: peakMebibytes }),
      quantity({ name: 'of it inference', unit: 's' }, runs, {
        ours: (run) => stageSeconds(run, 'inference'),
      }),
    ],
    notes,
  };
}

async function compareAnswers(
  task: Task,
  { ours, python }: Readonly<Record<'ours' | 'python', string>>,
): Promise<string> {
  if (task === 'task1') {
    const read = async (file: string) => toNumeric(await readVolume(file));
    return describeMasks(await read(ours), await read(python));
  }
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as number | boolean;
  return describeAnswers(read(ours), read(python));
}
