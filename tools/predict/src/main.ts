// Runs a task's program on every patient of a cohort.
//   node tools/build/run-ts.mjs tools/predict/src/main.ts --task task1 --data <cohort> --out <folder>
import { join } from 'node:path';
import { readCohort } from '@hecktor/cohort';
import { runCommand } from '@hecktor/runtime';
import { assertApart } from './assert-apart.ts';
import { readOptions } from './options.ts';
import { predictCohort } from './predict-cohort.ts';
import { createProgress } from './progress.ts';
import { predictOnSlurm } from './slurm/predict-on-slurm.ts';
import { runElement } from './slurm/run-element.ts';

async function main(signal: AbortSignal): Promise<number> {
  const [first, file = ''] = process.argv.slice(2);
  if (first === '--element') {
    const { id, status, error } = await runElement(file, signal);
    process.stdout.write(`${id}: ${error?.message ?? status}\n`);
    return status === 'done' ? 0 : 1;
  }
  const { data, limit, allowFailures, slurm, ...options } = readOptions(process.argv.slice(2));
  const cohort = readCohort(data, options.task);
  for (const note of cohort.notes) process.stderr.write(`note: ${note}\n`);
  assertApart(options.out, cohort);
  const cases = cohort.cases.slice(0, limit);
  const progress = createProgress(process.stderr);
  const predictions =
    slurm === undefined
      ? await predictCohort({ ...options, cases, progress, signal })
      : await predictOnSlurm({ ...options, ...slurm, cases, progress, signal });
  const failed = predictions.cases.filter(({ status }) => status === 'failed');
  const lines = [
    `${predictions.cases.length - failed.length} of ${cases.length} cases predicted`,
    ...failed.map(({ id, error }) => `FAILED: ${id}: ${error?.message}`),
    `written: ${join(options.out, 'run.json')}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return failed.length > 0 && !allowFailures ? 1 : 0;
}

await runCommand(main);
