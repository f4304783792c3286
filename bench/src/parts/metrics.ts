import { measureProcess } from '../measure/measure-process.ts';
import { peakMebibytes, quantity, runPairs, stageSeconds } from '../measure/run-pairs.ts';
import type { Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

/** All scores of task 1 of one pair of masks, ours alone. */
export async function measureMetrics({ work, pairs }: PartContext): Promise<Section> {
  const made = await measureProcess(driver('make-case', ['labels', work]));
  const labels = made.lines.at(-1)!.line['made'] as string;
  const runs = await runPairs({ ours: driver('metrics', ['--labels', labels]) }, pairs);
  return {
    title: 'Scores of one pair of masks, 512x512x300',
    rows: [
      quantity({ name: 'scores', unit: 's' }, runs, {
        ours: (run) => stageSeconds(run, 'scores'),
      }),
      quantity({ name: 'peak memory', unit: 'MiB' }, runs, { ours: peakMebibytes }),
    ],
    notes: ['To be below 2 s.'],
  };
}
