import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readCohort } from '@hecktor/cohort';
import { useFolder } from '@hecktor/testing';
import { assertApart } from './assert-apart.ts';
import { makeCohort, TASK2 } from './fixtures/cohort.ts';

const folder = useFolder({ each: true });

/** Patients in folders, some images beside their table, and a table of them elsewhere. */
function cohorts() {
  makeCohort(folder.at('study/cases'), { a: {}, b: {} });
  // Without a table every folder may be a patient's.
  rmSync(folder.at('study/cases/x_Task_2.csv'));
  symlinkSync(folder.at('study'), folder.at('link'));
  const row = 'a,study/cases/a/a__CT.mha,study/cases/a/a__PT.mha';
  folder.put('list.csv', `PatientID,ct,pet\n${row}\nc,c_CT.mha,c_PT.mha\n`);
  for (const name of ['c_CT.mha', 'c_PT.mha']) folder.put(name, '');
}

it.each([
  ['study/cases', 'study/cases', 'is the folder of the cohort'],
  ['study/cases', 'study/cases/a', 'the data of a'],
  ['study/cases', 'study/cases/b/predictions/1', 'the data of b'],
  ['study/cases', 'link/cases/b', 'the data of b'],
  // The results of a case would have the place of its images.
  ['study/cases', 'study', 'the data of a'],
  ['list.csv', '.', 'is the folder of the cohort'],
  ['list.csv', 'study', 'the data of a'],
  ['list.csv', 'study/cases/a/out', 'the data of a'],
])('predictions of %s do not go into %s', (data, out, detail) => {
  cohorts();
  const cohort = readCohort(folder.at(data), TASK2);
  const call = () => assertApart(folder.at(out), cohort);
  expect(call).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(call).toThrow(`--out: ${folder.at(out)} `);
  expect(call).toThrow(detail);
});

it.each([
  ['study/cases', 'study/cases/predictions'],
  ['study/cases', 'study/cases/a2'],
  ['study/cases', 'elsewhere/cases'],
  ['list.csv', 'predictions'],
])('predictions of %s may go into %s, which is no patient later', (data, out) => {
  cohorts();
  const ids = () => readCohort(folder.at(data), TASK2).cases.map(({ id }) => id);
  const before = ids();
  expect(() => assertApart(folder.at(out), readCohort(folder.at(data), TASK2))).not.toThrow();
  folder.put(join(out, 'run.json'), '{}');
  folder.put(join(out, 'cases/a/output/rfs.json'), '1');
  folder.put(join(out, '.work/a-1/input/images/ct/x.mha'), '');
  expect(ids()).toEqual(before);
});
