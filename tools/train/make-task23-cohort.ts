// Writes synthetic patients of tasks 2 and 3 in the layout of the challenge's training set.
//   node dist/tools/train/make-task23-cohort.mjs --first 20000 --count 420 --out <folder>
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { createCohortPatient, type CohortPatient } from '@hecktor/testing';
import { cohortTables } from './cohort-tables.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '20000' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'cohort' },
    // A training set lacks some HPV labels; a set for scoring has them all.
    labelled: { type: 'boolean', default: false },
  },
});
const first = Number(values.first);
mkdirSync(values.out, { recursive: true });
const truthFile = join(values.out, 'truth.jsonl');
rmSync(truthFile, { force: true });
const patients: Omit<CohortPatient, 'phantom'>[] = [];
for (let seed = first; seed < first + Number(values.count); seed++) {
  const { phantom, ...patient } = createCohortPatient(seed);
  patients.push(patient);
  const { id, profile, prognosis, outcome } = patient;
  appendFileSync(
    truthFile,
    `${JSON.stringify({ id, seed, ...prognosis, ...outcome, site: profile.disease.site, nodes: phantom.nodeCount })}\n`,
  );
  const folder = join(values.out, id);
  if (!existsSync(folder)) {
    const part = `${folder}.part`;
    mkdirSync(part, { recursive: true });
    const write = (name: string, volume: Parameters<typeof writeVolume>[1]) =>
      writeVolume(join(part, `${id}${name}.nii.gz`), volume);
    await write('__CT', phantom.ct);
    await write('__PT', phantom.pet);
    await write('', phantom.labels);
    if (phantom.planning !== undefined) {
      await write('__CTPlanning', phantom.planning.ct);
      await write('__RTDOSE', phantom.planning.dose);
    }
    renameSync(part, folder);
  }
  if (patients.length % 20 === 0) process.stdout.write(`${patients.length} patients\n`);
}
for (const [name, text] of Object.entries(cohortTables(patients, values.labelled))) {
  writeFileSync(join(values.out, name), text);
}
process.stdout.write(`${values.out}: ${patients.length} patients\n`);
