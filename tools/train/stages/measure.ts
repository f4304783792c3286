// Measures the masks that a network finds in synthetic patients: one row each of features and what is to be
// predicted.
//   node dist/tools/train/stages/measure.mjs --first 30100 --count 200 --out rows.csv
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { maskFeatures, targetRadiomics, type RadiomicsEntry } from '@hecktor/features';
import { writeVolume } from '@hecktor/image-io';
import { runSegmentation } from '@hecktor/pipeline';
import { loadRecipe, SEGMENTATION } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import { createCohortPatient } from '@hecktor/testing';
import { recordOf2026 } from './record.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '30100' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'rows.csv' },
  },
});
const { radiomics, ...lists } = JSON.parse(
  readFileSync('tools/train/stages/features.json', 'utf8'),
) as { radiomics: Record<string, RadiomicsEntry> } & Record<string, string[]>;
const entries: Readonly<Record<string, RadiomicsEntry>> = radiomics;
const names = [...new Set(Object.values(lists).flat())];
const resources = 'apps/hecktor26/resources/segmentation';
const recipe = await loadRecipe({ modelFolder: resources, resources }, SEGMENTATION);
writeFileSync(values.out, `${['id', ...names, 't', 'n', 'relapse', 'days', 'hpv'].join(',')}\n`);
const folder = mkdtempSync(join(tmpdir(), 'patient-'));
try {
  const first = Number(values.first);
  for (let seed = first; seed < first + Number(values.count); seed++) {
    const patient = createCohortPatient(seed);
    const { id, stages, outcome, profile } = patient;
    const { ct, pet } = patient.phantom;
    const paths = { ct: join(folder, 'ct.mha'), pet: join(folder, 'pet.mha') };
    await writeVolume(paths.ct, ct, { compress: false });
    await writeVolume(paths.pet, pet, { compress: false });
    const { labels } = await runSegmentation(paths, recipe, {
      log: createLog(() => undefined),
      timer: createStageTimer(),
      threads: 2,
      onProgress: () => undefined,
      remainingMs: () => Infinity,
    });
    const found: Readonly<Record<string, unknown>> = {
      ...maskFeatures({ labels, pet, ct }),
      ...(await targetRadiomics({ labels, images: { ct, pet }, entries, names })),
      ...recordOf2026(patient),
    };
    const row = [id, ...names.map((name) => found[name] ?? ''), stages.t, stages.n];
    const { relapse, days } = outcome;
    appendFileSync(
      values.out,
      `${[...row, Number(relapse), days, Number(profile.hpv)].join(',')}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
