// Writes one synthetic patient as a case of a task in the platform's form, and what is true of it: the
// label map of task 1, or site, prognosis and outcome. The answer of the program is put beside it by a run.
//   node dist/tools/train/make-case.mjs --task task1 --seed 5000 --out apps/task1/test
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { createCohortPatient, createPhantom, createRandom } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';
import { cohortOptions } from './cohort-options.ts';
import { recordOf2026 } from './stages/record.ts';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'task1' },
    seed: { type: 'string', default: '5000' },
    out: { type: 'string', default: 'case' },
  },
});
const seed = Number(values.seed);
const input = join(values.out, 'input');
const expected = join(values.out, 'expected');
mkdirSync(expected, { recursive: true });
if (values.task === 'task1') {
  const phantom = createPhantom(seed, cohortOptions(seed));
  await writeCase(scan(phantom), phantom.ehr);
  await writeVolume(join(expected, 'truth.mha'), phantom.labels, { compress: true });
  process.stdout.write(`${values.out}: ${phantom.site}, ${phantom.nodeCount} nodes\n`);
} else {
  const patient = createCohortPatient(seed);
  const { phantom, profile, prognosis, outcome, stages } = patient;
  const is2026 = values.task === 'hecktor26';
  const ehr = is2026 ? recordOf2026(patient) : patient.ehr;
  const images = scan(phantom);
  if (values.task === 'task2' && phantom.planning !== undefined) {
    images.push(
      { slug: 'planning-ct', path: 'images/ct-planning', volume: phantom.planning.ct },
      { slug: 'rt-dose-map', path: 'images/rt-dose', volume: phantom.planning.dose },
    );
  }
  await writeCase(images, ehr);
  const truth = {
    ...{ seed, site: profile.disease.site, ...prognosis, ...outcome, ...(is2026 && stages) },
  };
  if (is2026) await writeVolume(join(expected, 'truth.mha'), phantom.labels, { compress: true });
  writeFileSync(join(expected, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  process.stdout.write(`${values.out}: ${images.length} images, ${JSON.stringify(truth)}\n`);
}

/** One image of a case: its socket, its folder below the input folder and its voxels. */
interface CaseImage {
  readonly slug: string;
  readonly path: string;
  readonly volume: Volume;
}

function scan({ ct, pet }: { readonly ct: Volume; readonly pet: Volume }): CaseImage[] {
  return [
    { slug: 'ct-image', path: 'images/ct', volume: ct },
    { slug: 'pet-image', path: 'images/pet', volume: pet },
  ];
}

/** Writes the platform's form: images under UUID names, ehr.json and inputs.json. */
async function writeCase(images: readonly CaseImage[], ehr: unknown): Promise<void> {
  rmSync(input, { recursive: true, force: true });
  const listed: object[] = [];
  for (const [i, { slug, path, volume }] of images.entries()) {
    const name = `${uuid(seed + i + 1)}.mha`;
    mkdirSync(join(input, path), { recursive: true });
    await writeVolume(join(input, path, name), volume, { compress: true });
    const socket = { slug, relative_path: path, kind: 'Image', super_kind: 'Image' };
    listed.push({ file: null, image: { name }, value: null, socket });
  }
  writeFileSync(join(input, 'ehr.json'), `${JSON.stringify(ehr, null, 2)}\n`);
  const [slug, path] = ['electronic-health-record', 'ehr.json'];
  const socket = { slug, relative_path: path, kind: 'Anything', super_kind: 'Value' };
  listed.push({ file: null, image: null, value: ehr, socket });
  writeFileSync(join(input, 'inputs.json'), `${JSON.stringify(listed, null, 2)}\n`);
}

/** A version 4 UUID that is the same for the same seed. */
function uuid(seed: number): string {
  const random = createRandom(seed);
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}
