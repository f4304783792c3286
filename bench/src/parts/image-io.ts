import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { stageSeconds, peakMebibytes, quantity, runPairs } from '../measure/run-pairs.ts';
import { measureProcess } from '../measure/measure-process.ts';
import type { Row, Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

/** Reading a 512x512x1100 int16 CT from two compressed formats. */
export async function measureImageIo(context: PartContext): Promise<Section> {
  const { work, pairs, python } = context;
  const made = await measureProcess(driver('make-case', ['long-ct', work]));
  const files = made.lines.at(-1)?.line['made'] as string[];
  const rows: Row[] = [];
  const notes = ['The voxels alone take 550 MiB.'];
  for (const file of files) {
    const name = basename(file);
    const runs = await runPairs(
      {
        ours: driver('read', [file]),
        python: python?.('read_image.py', [file, String(pairs.threads)]),
      },
      { ...pairs, onRun: (text) => pairs.onRun?.(`${name} ${text}`) },
    );
    const cpu = `${name}: CPU, whole process`;
    rows.push(
      quantity({ name: `${name}: read`, unit: 's' }, runs, {
        ours: (r) => stageSeconds(r, 'read'),
      }),
      quantity({ name: cpu, unit: 's' }, runs, { ours: (run) => run.cpu }),
      quantity({ name: `${name}: peak memory`, unit: 'MiB' }, runs, { ours: peakMebibytes }),
    );
    notes.push(`${name} has ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB.`);
  }
  return { title: 'Reading a 512x512x1100 int16 CT', rows, notes };
}
