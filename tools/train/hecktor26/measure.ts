// Measures the predicted masks of synthetic patients: one row each of features and truth.
//   node dist/tools/train/hecktor26/measure.mjs --resources <segmentation> --first 20000 --count 320 --out a.csv
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { maskFeatures, targetRadiomics, type RadiomicsEntry } from '@hecktor/features';
import { writeVolume } from '@hecktor/image-io';
import { dice, labelOverlap } from '@hecktor/metrics';
import { runSegmentation } from '@hecktor/pipeline';
import { loadRecipe, SEGMENTATION } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import { createCohortPatient } from '@hecktor/testing';
import { recordOf2026 } from './record.ts';

const { values } = parseArgs({
  options: {
    resources: { type: 'string', default: 'apps/hecktor26/resources/segmentation' },
    features: { type: 'string', default: 'tools/train/hecktor26/features.json' },
    first: { type: 'string', default: '20000' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'features.csv' },
  },
});
const wanted = JSON.parse(readFileSync(values.features, 'utf8')) as {
  radiomics: Record<string, RadiomicsEntry>;
} & Record<'t' | 'n' | 'rfs', string[]>;
const names = [...new Set([...wanted.t, ...wanted.n, ...wanted.rfs])];
const outcomes = ['t', 'n', 'relapse', 'days', 'diceGTVp', 'diceGTVn'];
const loaded = await loadRecipe(
  { modelFolder: values.resources, resources: values.resources },
  SEGMENTATION,
);
const folder = mkdtempSync(join(tmpdir(), 'measured-'));
writeFileSync(values.out, `${['id', ...names, ...outcomes].join(',')}\n`);
try {
  const first = Number(values.first);
  for (let seed = first; seed < first + Number(values.count); seed++) {
    const patient = createCohortPatient(seed);
    const { id, stages, outcome } = patient;
    const { ct, pet, labels: truth } = patient.phantom;
    const paths = { ct: join(folder, 'ct.mha'), pet: join(folder, 'pet.mha') };
    await writeVolume(paths.ct, ct, { compress: false });
    await writeVolume(paths.pet, pet, { compress: false });
    const { labels } = await runSegmentation(paths, loaded, {
      log: createLog(() => undefined),
      timer: createStageTimer(),
      threads: 1,
      onProgress: () => undefined,
      remainingMs: () => Infinity,
    });
    const found: Record<string, number | string | undefined> = {
      ...maskFeatures({ labels, pet, ct }),
      ...(await targetRadiomics({
        ...{ labels, images: { ct, pet }, entries: wanted.radiomics, names },
      })),
      ...recordOf2026(patient),
    };
    const [p, n] = [1, 2].map((label) => dice(labelOverlap(truth, labels, label)));
    const { relapse, days } = outcome;
    const rest = [stages.t, stages.n, Number(relapse), days, p!.toFixed(4), n!.toFixed(4)];
    appendFileSync(
      values.out,
      `${[id, ...names.map((name) => found[name] ?? ''), ...rest].join(',')}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
