// Writes one patient of the synthetic cohort as a case of task 2 or 3 in the platform's form, and
// what is true of the patient. The answer of the program is put beside it by a run.
//   node dist/tools/train/make-task23-case.mjs --task task2 --seed 50000 --out apps/task2/test
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCohortPatient } from '@hecktor/testing';
import { writeCase, type CaseImage } from './write-case.ts';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'task2' },
    seed: { type: 'string', default: '50000' },
    out: { type: 'string', default: 'case' },
  },
});
const seed = Number(values.seed);
const { phantom, ehr, profile, prognosis, outcome } = createCohortPatient(seed);
const { ct, pet, planning } = phantom;
const images: CaseImage[] = [
  { slug: 'ct-image', path: 'images/ct', volume: ct },
  { slug: 'pet-image', path: 'images/pet', volume: pet },
];
if (values.task === 'task2' && planning !== undefined) {
  images.push(
    { slug: 'planning-ct', path: 'images/ct-planning', volume: planning.ct },
    { slug: 'rt-dose-map', path: 'images/rt-dose', volume: planning.dose },
  );
}
await writeCase(join(values.out, 'input'), seed, images, ehr);
mkdirSync(join(values.out, 'expected'), { recursive: true });
const truth = { seed, site: profile.disease.site, ...prognosis, ...outcome };
writeFileSync(join(values.out, 'expected/truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
process.stdout.write(`${values.out}: ${images.length} images, ${JSON.stringify(truth)}\n`);
