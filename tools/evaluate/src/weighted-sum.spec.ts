import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { createGrid, createVolume } from '@hecktor/volume';
import { evaluate } from './evaluate.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { newFolder } from './fixtures/make-cohort.ts';
import { petCohort } from './fixtures/masks.ts';
import { partsOf, readScoredTasks } from './tasks.ts';
import { readTruth } from './truth.ts';
import { describeScore } from './text.ts';
import { describeSum, weightedSum } from './weighted-sum.ts';

const task = readScoredTasks(fileURLToPath(new URL('../../../apps', import.meta.url))).get(
  'hecktor26',
)!;
const parts = partsOf(task);

/** Stages, outcome and mask of a patient, then what is said of them. */
const PATIENTS = {
  a: { truth: '0110220', row: 'T1,N0,1,100', said: ['0110220', 'T1', 'N0', 3] },
  b: { truth: '0110220', row: 'T1,N1,1,200', said: ['0100220', 'T2', 'N1', 2] },
  c: { truth: '0110220', row: 'T2,N1,0,300', said: ['0110020', 'T2', 'N1', 1] },
} as const;

async function cohort(): Promise<string> {
  const images = Object.entries(PATIENTS).map(
    ([id, { truth }]) => [id, { truth, pet: Array<number>(7).fill(1) }] as const,
  );
  const folder = await petCohort(Object.fromEntries(images));
  const rows = Object.entries(PATIENTS).map(([id, { row }]) => `${id},1,${row}\n`);
  const head = 'PatientID,HPV Status,T-stage,N-stage,Relapse,RFS\n';
  writeFileSync(join(folder, 'HECKTOR_26.csv'), head + rows.join(''));
  return folder;
}

/** What the container wrote; `risks` as the file holds them. */
async function predictions(sign: 1 | -1): Promise<string> {
  const folder = newFolder();
  const cases = Object.keys(PATIENTS).map((id) => ({ id, status: 'done' }));
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ task: 'hecktor26', digest: 'r', cases }),
  );
  for (const [id, { said }] of Object.entries(PATIENTS)) {
    const place = join(folder, 'cases', id);
    const [mask, t, n, risk] = said;
    const image = join(place, 'output/images/head-neck-tumor-segmentation');
    mkdirSync(image, { recursive: true });
    const labels = createVolume(createGrid([7, 1, 1]), Uint8Array.from(mask, Number));
    await writeVolume(join(image, 'output.mha'), labels);
    const put = (name: string, value: unknown) =>
      writeFileSync(join(place, name), JSON.stringify(value));
    put('output/t-stage.json', t);
    put('output/n-stage.json', n);
    put('output/rfs.json', sign * risk);
    put('case.json', { id, run: 'r', status: 'done' });
    put('usage.json', { seconds: 1 });
  }
  return folder;
}

async function score(folder: string, scored = parts) {
  const truth = await cohort();
  const evaluated = [];
  for (const part of scored) {
    const labelled = readTruth(truth, part);
    evaluated.push(
      await evaluate({
        task: part,
        cohort: labelled,
        predictions: folder,
        conventions: CONVENTIONS,
      }),
    );
  }
  const rows = evaluated.map((one) => one.rows);
  return { evaluated, total: weightedSum(scored, rows, CONVENTIONS) };
}

it('sums the scores of all outputs by their weights', async () => {
  const { evaluated, total } = await score(await predictions(1));
  const dice = (1 + 2 / 3 + 1 + (1 + 1 + 2 / 3)) / 6;
  expect(total.parts.map(({ output, weight, value }) => [output, weight, value])).toEqual([
    ['head-neck-tumor-segmentation', 0.25, expect.closeTo(dice, 12)],
    ['t-stage', 0.175, expect.closeTo((1 / 2 + 1) / 2, 12)],
    ['n-stage', 0.175, 1],
    ['rfs', 0.4, 1],
  ]);
  expect(total.value).toBeCloseTo(0.25 * dice + 0.175 * 0.75 + 0.175 + 0.4, 12);
  expect(total.interval.low).toBeLessThan(total.value);
  expect(describeSum(total)).toContain('0.175 x 0.750  t-stage');
  expect(evaluated[1]!.rows.map(({ namedClass }) => namedClass)).toEqual([
    { truth: 'T1', prediction: 'T1' },
    { truth: 'T1', prediction: 'T2' },
    { truth: 'T2', prediction: 'T2' },
  ]);
  const recalls = evaluated[1]!.summary.scores.map(({ name, value }) => [name, value]);
  expect(recalls.slice(0, 3)).toEqual([
    ['balanced accuracy', 0.75],
    ['recall of T1', 0.5],
    ['recall of T2', 1],
  ]);
  expect(describeScore(evaluated[1]!.summary.scores.at(-1)!)).toBe('no patient');
});

it('turns a risk back that the file wants higher = later', async () => {
  const turned = parts.map((part) =>
    part.output.kind === 'number'
      ? { ...part, output: { ...part.output, higherIs: 'later' as const } }
      : part,
  );
  const { total } = await score(await predictions(-1), turned);
  expect(total.parts.at(-1)!.value).toBe(1);
});

it('lets the program have HPV, which another task predicts, and not its own truth', () => {
  expect(task.hiddenColumns).toEqual(
    expect.arrayContaining(['patientid', 'relapse', 'rfs', 't-stage', 'n-stage']),
  );
  expect(task.hiddenColumns).not.toContain('hpv status');
});
