// Measures the true masks of synthetic patients: one row each of features and what is to be predicted.
//   node dist/tools/train/hecktor26/measure.mjs --first 20000 --count 320 --out rows.csv
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { maskFeatures, targetRadiomics, type RadiomicsEntry } from '@hecktor/features';
import { createCohortPatient } from '@hecktor/testing';
import { recordOf2026 } from './record.ts';

const { values } = parseArgs({
  options: {
    features: { type: 'string', default: 'tools/train/hecktor26/features.json' },
    first: { type: 'string', default: '20000' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'rows.csv' },
  },
});
const { radiomics, ...lists } = JSON.parse(readFileSync(values.features, 'utf8')) as {
  radiomics: Record<string, RadiomicsEntry>;
} & Record<string, string[]>;
const entries: Readonly<Record<string, RadiomicsEntry>> = radiomics;
const names = [...new Set(Object.values(lists).flat())];
writeFileSync(values.out, `${['id', ...names, 't', 'n', 'relapse', 'days'].join(',')}\n`);
const first = Number(values.first);
for (let seed = first; seed < first + Number(values.count); seed++) {
  const patient = createCohortPatient(seed);
  const { id, stages, outcome } = patient;
  const { ct, pet, labels } = patient.phantom;
  const found: Readonly<Record<string, unknown>> = {
    ...maskFeatures({ labels, pet, ct }),
    ...(await targetRadiomics({
      ...{ labels, images: { ct, pet }, entries, names },
    })),
    ...recordOf2026(patient),
  };
  const { relapse, days } = outcome;
  const row = [id, ...names.map((name) => found[name] ?? ''), stages.t, stages.n];
  appendFileSync(values.out, `${[...row, Number(relapse), days].join(',')}\n`);
}
