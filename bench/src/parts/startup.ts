import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markOf, timeOf, quantity, runPairs } from '../measure/run-pairs.ts';
import type { Section } from '../report/report.ts';
import { appProgram, type PartContext } from './part-context.ts';

const RECIPE = 'libs/recipe/recipes/baseline.json';
const READY = 'recipe loaded';

/** From the start of the process to its first line, and to all code being there to compute. */
export async function measureStartup(context: PartContext): Promise<Section> {
  const { work, pairs, python } = context;
  const resources = join(work, 'startup/resources');
  const output = join(work, 'startup/output');
  for (const folder of [resources, output]) mkdirSync(folder, { recursive: true });
  copyFileSync(RECIPE, join(resources, 'pipeline.json'));
  // Both sides are stopped before they would open it.
  writeFileSync(join(resources, 'model.onnx'), '');
  const { folder: input, ct, pet } = context.case;
  const ours = appProgram({ input, output, resources }, pairs.threads);
  const runs = await runPairs(
    { ours, python: python?.('task1.py', ['preprocessing', '--ct', ct, '--pet', pet]) },
    { ...pairs, until: (line) => [READY, 'imported'].includes(markOf(line) ?? '') },
  );
  const imported = (run: Parameters<typeof timeOf>[0]): number => timeOf(run, 'imported');
  return {
    title: 'Start-up',
    rows: [
      quantity({ name: 'first log line', unit: 's' }, runs, {
        ours: (run) => timeOf(run, 'starting'),
        python: imported,
      }),
      quantity({ name: 'ready to compute', unit: 's' }, runs, {
        ours: (run) => timeOf(run, READY),
        python: imported,
      }),
    ],
    notes: [
      'Python is ready, and can write its first line, when its imports are finished.',
      'Ours is ready to compute when the worker thread is up, all its code loaded and the recipe checked.',
    ],
  };
}
