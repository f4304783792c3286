import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Conventions } from './conventions.ts';
import { evaluate } from './evaluate.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { newFolder } from './fixtures/make-cohort.ts';
import { maskFolder } from './fixtures/masks.ts';
import { readScoredTasks } from './tasks.ts';
import { readTruth } from './truth.ts';

const tasks = readScoredTasks(fileURLToPath(new URL('../../../apps', import.meta.url)));

function score(name: string, truth: string, predictions: string, more: Partial<Conventions> = {}) {
  const task = tasks.get(name)!;
  const conventions = { ...CONVENTIONS, ...more };
  return evaluate({ task, cohort: readTruth(truth, task), predictions, conventions });
}

function file(name: string, text: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** A folder as `predict` writes it. */
function predictions(task: string, cases: Readonly<Record<string, object | undefined>>): string {
  const folder = newFolder();
  const ids = Object.keys(cases);
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ task, digest: 'r', cases: ids.map((id) => ({ id, status: 'pending' })) }),
  );
  for (const [id, result] of Object.entries(cases)) {
    if (result === undefined) continue;
    const place = join(folder, 'cases', id);
    mkdirSync(join(place, 'output'), { recursive: true });
    writeFileSync(join(place, 'case.json'), JSON.stringify({ id, run: 'r', ...result }));
    writeFileSync(join(place, 'usage.json'), JSON.stringify({ seconds: 4 }));
  }
  return folder;
}

describe('masks in a folder', () => {
  it('are scored against masks in a folder; one that is missing counts as empty', async () => {
    const truth = await maskFolder({
      'CHUM-1': '0110220',
      'CHUM-2': '0110000',
      'MDA-1': '0000220',
    });
    const masks = await maskFolder({ 'CHUM-1': '0110020', 'MDA-1': '0000220', other: '0000000' });
    const { rows, summary } = await score('task1', truth, masks);
    expect(rows.map(({ id, centre, status }) => [id, centre, status])).toEqual([
      ['CHUM-1', 'CHUM', 'scored'],
      ['CHUM-2', 'CHUM', 'failed'],
      ['MDA-1', 'MDA', 'scored'],
    ]);
    expect(rows[1]!.labels!['GTVp']).toMatchObject({ dsc: 0, truthVolume: 2, falseNegatives: 1 });
    const value = (name: string) => summary.scores.find((one) => one.name === name)!.value;
    expect(value('mean GTVp DSC')).toBeCloseTo((1 + 0 + 1) / 3, 12);
    expect(value('GTVn DSCagg')).toBeCloseTo((2 * 3) / 7, 12);
    expect(value('GTVn F1agg')).toBe(1);
    expect(summary).toMatchObject({ cases: 3, failed: 1 });
    expect(summary.notes).toEqual(['1 predictions of patients that are not scored']);
    expect(summary.centres.map(({ centre, cases }) => [centre, cases])).toEqual([
      ['CHUM', 2],
      ['MDA', 1],
    ]);
    expect(summary.centres[0]!.scores[0]!.value).toBe(0.5);
  });

  it('follow the convention for an empty truth', async () => {
    const truth = await maskFolder({ a: '0000220', b: '0110220' });
    const masks = await maskFolder({ a: '0000220', b: '0100220' });
    const mean = async (whenBothEmpty: Conventions['whenBothEmpty']) =>
      (await score('task1', truth, masks, { whenBothEmpty })).summary.scores[0]!.value;
    expect(await mean(1)).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(await mean(0)).toBeCloseTo((0 + 2 / 3) / 2, 12);
    expect(await mean('skip')).toBeCloseTo(2 / 3, 12);
  });

  it('follow the convention for a label that is nowhere, but for the interval', async () => {
    const agg = async (masks: Readonly<Record<string, string>>, whenAllEmpty: number) => {
      const folder = await maskFolder(masks);
      const { summary } = await score('task1', folder, folder, { whenAllEmpty });
      return summary.scores.find(({ name }) => name === 'GTVn DSCagg')!;
    };
    const nowhere = { a: '0110000', b: '0110000' };
    expect(await agg(nowhere, 1)).toMatchObject({ value: 1, interval: { resamples: 0 } });
    expect((await agg(nowhere, NaN)).value).toBeNaN();
    const { interval } = await agg({ ...nowhere, c: '0110220' }, 1);
    // (2/3)^3 of the resamples lack c.
    expect(interval.resamples).toBeGreaterThan(600);
    expect(interval.resamples).toBeLessThan(800);
  });

  it('on another grid are refused with both geometries, and count as missing', async () => {
    const truth = await maskFolder({ a: '0110220' });
    const masks = await maskFolder({ a: '0110220' }, [1, 1, 2]);
    const { rows, summary } = await score('task1', truth, masks);
    expect(rows[0]!.error).toContain('OUTPUT_GRID_MISMATCH');
    expect(rows[0]!.error).toContain('spacing [1, 1, 2]');
    expect(rows[0]!.error).toContain('spacing [1, 1, 1]');
    expect(summary.scores[0]!.value).toBe(0);
    const refused = score('task1', truth, masks, { missing: 'refuse' });
    await expect(refused).rejects.toMatchObject({ code: 'PREDICTION_MISSING' });
  });
});

describe('a folder of predict', () => {
  it('is scored with why cases failed, and how long they took', async () => {
    const truth = await maskFolder({ a: '0110220', b: '0110220', c: '0110220', d: '0110220' });
    const masks = await maskFolder({ a: '0110220' });
    const folder = predictions('task1', {
      a: { status: 'done' },
      b: { status: 'failed', error: { code: 'TIMEOUT', message: 'TIMEOUT [b] took too long' } },
      c: undefined,
    });
    const output = join(folder, 'cases/a/output/images/tumor-lymph-node-segmentation');
    mkdirSync(output, { recursive: true });
    // The reader goes by the content.
    cpSync(join(masks, 'a.nii.gz'), join(output, 'output.mha'));
    const { rows, secondsPerCase } = await score('task1', truth, folder);
    expect(rows.map(({ error }) => error)).toEqual([
      undefined,
      'TIMEOUT [b] took too long',
      'not predicted yet',
      'no prediction',
    ]);
    expect(secondsPerCase).toBe(4);
  });

  it('of another task is refused', async () => {
    const truth = await maskFolder({ a: '0110220' });
    await expect(score('task1', truth, predictions('task2', {}))).rejects.toMatchObject({
      code: 'PREDICTIONS_INVALID',
    });
  });
});

describe('tables', () => {
  const survival = 'PatientID,Relapse,RFS\na,1,100\nb,0,200\nc,1,300\nd,0,400\n';
  const hpv = 'PatientID,HPV Status,CenterID\na,1,1\nb,0,1\nc,1,2\nd,0,2\n';

  it('of risks are scored against a table alone; a missing one counts 1/2', async () => {
    const truth = file('truth.csv', survival);
    const all = file('risks.csv', 'id,value\na,4\nb,3\nc,2\nd,1\n');
    expect((await score('task2', truth, all)).summary.scores[0]!.value).toBe(1);
    const some = file('risks.csv', 'id,value\na,\nb,3\nc,2\nd,1\n');
    expect((await score('task2', truth, some)).summary.scores[0]!.value).toBe((3 / 2 + 1) / 4);
    const left = await score('task2', truth, some, { missing: 'skip' });
    expect(left.summary.scores[0]!.value).toBe(1);
    const none = file('risks.csv', 'id,value\na,NaN\nb,3\nc,2\nd,1\n');
    const [first] = (await score('task2', truth, none)).rows;
    expect(first!.error).toBe(`${none} has 'NaN' for it`);
  });

  it('of classes give an AUC where they have probabilities', async () => {
    const truth = file('truth.csv', hpv);
    const plain = file('classes.csv', 'id,value\na,1\nb,0\nc,true\nd,1\n');
    const { summary } = await score('task3', truth, plain);
    expect(summary.scores.map(({ name }) => name)).not.toContain('AUC');
    expect(summary.scores[0]).toMatchObject({ name: 'balanced accuracy', value: 0.75 });
    expect(summary.centres.map(({ centre }) => centre)).toEqual(['1', '2']);
    const more = 'id,value,probability\na,1,0.9\nb,0,0.2\nc,1,0.6\nd,1,0.7\n';
    const scores = (await score('task3', truth, file('classes.csv', more))).summary.scores;
    expect(scores.find(({ name }) => name === 'AUC')!.value).toBe(0.75);
  });

  it('count a class that is missing or none at all as wrong', async () => {
    const truth = file('truth.csv', hpv);
    const { rows, summary } = await score(
      'task3',
      truth,
      file('c.csv', 'id,value\na,1\nb,maybe\n'),
    );
    expect(rows[1]!.error).toContain("'maybe' is no boolean");
    expect(summary.facts).toMatchObject({ 'true positives': 1, 'true negatives': 0 });
    expect(summary.failed).toBe(3);
  });

  it.each([
    ['task2', 'PatientID,risk\na,1\n', 'no column id and value; it has PatientID, risk'],
    ['task2', 'id,value\na,1\na,2\n', 'a patient is there twice'],
    ['task1', 'id,value\na,1\n', 'task1 is scored by masks'],
  ])('that cannot be scored are refused: %s %j', async (name, text, message) => {
    const truth = name === 'task1' ? await maskFolder({ a: '01' }) : file('truth.csv', survival);
    const refused = { code: 'PREDICTIONS_INVALID', message: expect.stringContaining(message) };
    await expect(score(name, truth, file('x.csv', text))).rejects.toMatchObject(refused);
  });

  it('that are not there are refused', async () => {
    const refused = score('task2', file('truth.csv', survival), 'nowhere');
    await expect(refused).rejects.toMatchObject({ code: 'PREDICTIONS_INVALID' });
  });
});
