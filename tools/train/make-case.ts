// Writes one phantom as a case of task 1 in the platform's form, with its ground truth.
//   node dist/tools/train/make-case.mjs --seed 5000 --out apps/task1/test
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom } from '@hecktor/testing';
import { cohortOptions } from './cohort-options.ts';
import { writeCase } from './write-case.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '5000' },
    out: { type: 'string', default: 'case' },
  },
});
const seed = Number(values.seed);
const expected = join(values.out, 'expected');
const phantom = createPhantom(seed, cohortOptions(seed));
const images = [
  { slug: 'ct-image', path: 'images/ct', volume: phantom.ct },
  { slug: 'pet-image', path: 'images/pet', volume: phantom.pet },
];
await writeCase(join(values.out, 'input'), seed, images, phantom.ehr);
mkdirSync(expected, { recursive: true });
await writeVolume(join(expected, 'truth.mha'), phantom.labels, { compress: true });
process.stdout.write(`${values.out}: ${phantom.site}, ${phantom.nodeCount} nodes\n`);
