// Writes synthetic patients of tasks 2 and 3, and of HECKTOR 2026, in the layout of the training set.
//   node dist/tools/train/make-task23-cohort.mjs --first 20000 --count 420 --out <folder>
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { createCohortPatient, type CohortPatient } from '@hecktor/testing';
import { recordOf2026 } from './stages/record.ts';

const CLINICAL = [
  'Gender',
  'Age',
  'Tobacco Consumption',
  'Alcohol Consumption',
  'Performance Status',
  'Treatment',
  'M-stage',
] as const;

type Patient = Omit<CohortPatient, 'phantom'>;

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
const patients: Patient[] = [];
for (let seed = first; seed < first + Number(values.count); seed++) {
  const { phantom, ...patient } = createCohortPatient(seed);
  patients.push(patient);
  const { id, profile, prognosis, outcome } = patient;
  const { site } = profile.disease;
  const truth = { id, seed, ...prognosis, ...outcome, site, nodes: phantom.nodeCount };
  appendFileSync(truthFile, `${JSON.stringify(truth)}\n`);
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

/** The tables of a cohort, as the challenge's training set has them: file name to text. */
function cohortTables(patients: readonly Patient[], labelled: boolean): Record<string, string> {
  const row = (patient: Patient, ...targets: (string | number)[]) =>
    [patient.id, 1, ...CLINICAL.map((field) => patient.ehr[field] ?? ''), ...targets].join(',');
  const head = ['PatientID', 'CenterID', ...CLINICAL].join(',');
  const task2 = patients.map((p) => row(p, p.outcome.relapse ? 1 : 0, p.outcome.days));
  const task3 = patients.map((p) =>
    row(p, labelled || p.profile.hpvKnown ? (p.profile.hpv ? 1 : 0) : ''),
  );
  const fields = [...CLINICAL.filter((field) => field !== 'M-stage'), 'HPV Status'];
  const later = patients.map((p) => {
    const record: Readonly<Record<string, unknown>> = recordOf2026(p);
    const { stages, outcome } = p;
    const targets = [stages.t, stages.n, outcome.relapse ? 1 : 0, outcome.days];
    return [p.id, 1, ...fields.map((field) => record[field] ?? ''), ...targets].join(',');
  });
  const laterHead = ['PatientID', 'CenterID', ...fields, 'T-stage,N-stage,Relapse,RFS'].join(',');
  return {
    'HECKTOR_26.csv': [laterHead, ...later, ''].join('\n'),
    'HECKTOR_2025_Training_Task_2.csv': [`${head},Relapse,RFS`, ...task2, ''].join('\n'),
    'HECKTOR_2025_Training_Task_3.csv': [`${head},HPV Status`, ...task3, ''].join('\n'),
  };
}
