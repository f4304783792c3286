import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureProcess } from '../measure/measure-process.ts';
import { peakMebibytes, quantity, runPairs, stageSeconds } from '../measure/run-pairs.ts';
import { describeFeatures } from '../report/describe.ts';
import type { Row, Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

/** The exporter's file of each forest that bench/python/make_forests.py fits. */
const FORESTS = {
  survival: ['random survival forest', 'survival.trees'],
  classifier: ['random forest', 'classifier.onnx'],
} as const;

/** Forests of 500 trees, as files of ours and as the pickles of the library that fitted them. */
export async function measureTabular({ work, pairs, python }: PartContext): Promise<Section> {
  if (python === undefined)
    throw new Error('the part tabular needs Python, which fits the forests');
  const folder = join(work, 'tabular');
  await measureProcess(python('make_forests.py', [folder]));
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const [name, [title, file]] of Object.entries(FORESTS)) {
    const dumps = ['ours', 'python'].map((side) => join(folder, `${name}-${side}.json`));
    const given = (model: string, dump: string) => [
      ...[join(folder, model), join(folder, 'vectors.json'), dump],
    ];
    const runs = await runPairs(
      {
        ours: driver('tabular', given(file, dumps[0]!)),
        python: python('tabular_answers.py', given(`${name}.joblib`, dumps[1]!)),
      },
      pairs,
    );
    for (const [what, stage] of Object.entries({
      'reading the file': 'reading',
      'first answer': 'first',
      'later answers': 'later',
    })) {
      const row = { name: `${title}: ${what}, CPU`, unit: 'ms' } as const;
      rows.push(quantity(row, runs, { ours: (run) => 1000 * stageSeconds(run, stage) }));
    }
    const memory = { name: `${title}: peak memory`, unit: 'MiB' } as const;
    rows.push(quantity(memory, runs, { ours: peakMebibytes }));
    const [ours, theirs] = dumps.map(
      (dump) => ({ ...JSON.parse(readFileSync(dump, 'utf8')) }) as Record<string, number>,
    );
    notes.push(`${title}: ${describeFeatures(ours!, theirs!, 'answers')}`);
  }
  notes.push('An answer is to take less than 50 ms.');
  return { title: 'Forests of 500 trees on 500 patients with 100 features', rows, notes };
}
