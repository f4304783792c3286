// Scores the resources of task 1 on held-out phantoms with the project's own pipeline, from files
// to the mask on the CT's grid; prints a Markdown table for the model card.
//   node dist/tools/train/score.mjs --resources apps/task1/resources --first 5000 --count 20
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { aggregatedDice, dice, labelOverlap, meanDice, type Overlap } from '@hecktor/metrics';
import { runSegmentation } from '@hecktor/pipeline';
import { loadRecipe, SEGMENTATION } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import { createPhantom } from '@hecktor/testing';
import { cohortOptions } from './cohort-options.ts';

const { values } = parseArgs({
  options: {
    resources: { type: 'string', default: 'apps/task1/resources' },
    first: { type: 'string', default: '5000' },
    count: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
  },
});
const loaded = await loadRecipe(
  { modelFolder: values.resources, resources: values.resources },
  SEGMENTATION,
);
const folder = mkdtempSync(join(tmpdir(), 'phantoms-'));
const primary: Overlap[] = [];
const nodes: Overlap[] = [];
const print = (line: string) => process.stdout.write(`${line}\n`);
print('| seed | site | nodes | GTVp ml | GTVn ml | GTVp DSC | GTVn DSC |');
print('|---|---|---|---|---|---|---|');
try {
  const first = Number(values.first);
  for (let seed = first; seed < first + Number(values.count); seed++) {
    const phantom = createPhantom(seed, cohortOptions(seed));
    const paths = { ct: join(folder, 'ct.mha'), pet: join(folder, 'pet.mha') };
    await writeVolume(paths.ct, phantom.ct, { compress: false });
    await writeVolume(paths.pet, phantom.pet, { compress: false });
    const { labels } = await runSegmentation(paths, loaded, {
      log: createLog(() => undefined),
      timer: createStageTimer(),
      threads: Number(values.threads),
      onProgress: () => undefined,
      remainingMs: () => Infinity,
    });
    const overlap = (label: number) => labelOverlap(phantom.labels, labels, label);
    const [p, n] = [overlap(1), overlap(2)];
    primary.push(p);
    nodes.push(n);
    const ml = (o: Overlap) => ((o.truth * o.voxelVolume) / 1000).toFixed(1);
    const row = [seed, phantom.site, phantom.nodeCount, ml(p), ml(n)];
    print(`| ${[...row, dice(p).toFixed(3), dice(n).toFixed(3)].join(' | ')} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
print('');
print(`mean GTVp DSC ${meanDice(primary).toFixed(4)}`);
print(`aggregated GTVp DSC ${aggregatedDice(primary).toFixed(4)}`);
print(`aggregated GTVn DSC ${aggregatedDice(nodes).toFixed(4)}`);
