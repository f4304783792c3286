import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stageSeconds, peakMebibytes, quantity, runPairs } from '../measure/run-pairs.ts';
import type { Task } from '../options.ts';
import { describeAnswers } from '../report/describe.ts';
import type { Section } from '../report/report.ts';
import { appProgram, type PartContext } from './part-context.ts';
import type { Weights } from './weights.ts';

const ANSWERS = { task2: 'rfs.json', task3: 'hpv-status.json' } as const;
const THIRD = 1 / 3;

/** The whole case of Task 2 or 3: from the start of the process to the answer in its file. */
export async function measurePrediction(
  context: PartContext,
  task: Exclude<Task, 'task1'>,
  { resources, checkpoint, about }: Weights,
): Promise<Section> {
  const { work, pairs, python } = context;
  const { folder: input, ct, pet, ehr } = context.case;
  const output = join(work, 'output');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const theirs = join(output, 'python.json');
  const files = ['--ct', ct, '--pet', pet, '--ehr', ehr, '--weights', checkpoint, '--out', theirs];
  const runs = await runPairs(
    {
      ours: appProgram({ input, output, resources, threads: pairs.threads }),
      ...(python && {
        python: python('prediction.py', [task, ...files, '--threads', String(pairs.threads)]),
      }),
    },
    pairs,
  );
  const notes = [`Weights: ${about}.`];
  if (runs.python !== undefined) {
    const [ours, reference] = [join(output, ANSWERS[task]), theirs].map(
      (file) => JSON.parse(readFileSync(file, 'utf8')) as number | boolean,
    );
    notes.push(describeAnswers(ours!, reference!));
  }
  return {
    title: 'The whole case',
    rows: [
      quantity({ name: 'wall time', unit: 's', target: THIRD }, runs, { ours: (run) => run.wall }),
      quantity({ name: 'CPU time', unit: 's' }, runs, { ours: (run) => run.cpu }),
      quantity({ name: 'peak memory', unit: 'MiB', target: 0.5 }, runs, { ours: peakMebibytes }),
      quantity({ name: 'of it inference', unit: 's' }, runs, {
        ours: (run) => stageSeconds(run, 'inference'),
      }),
    ],
    notes,
  };
}
