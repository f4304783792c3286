import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { readCohort, readTasks, requireTruth } from './index.ts';

const folder = useFolder({ each: true });
const TASKS = readTasks(fileURLToPath(new URL('../../../apps', import.meta.url)));
const [TASK1, TASK2] = [TASKS.get('task1')!, TASKS.get('task2')!];

/** Files, by their path, that hold nothing of interest. */
function put(...paths: readonly string[]): void {
  for (const path of paths) folder.put(path);
}

describe('readCohort', () => {
  it('takes the layout of the training set with its table', () => {
    folder.put('X_Task_2.csv', 'PatientID,Age,Relapse,RFS\nb,50,1,100\na,60,,\nc,70,0,9\n');
    put('a/a__CT.nii.gz', 'a/a__PT.nii', 'b/b__CT.mha', 'b/b__PT.mha', 'b/b__RTDOSE.mha');
    put('c/c__CT.mha', 'z/z__CT.mha');
    const { cases, table, notes, columns } = readCohort(folder.path, TASK2);
    expect(table).toBe(folder.at('X_Task_2.csv'));
    expect(columns).toEqual(['PatientID', 'Age', 'Relapse', 'RFS']);
    expect(cases.map(({ id, images }) => [id, images])).toEqual([
      [
        'b',
        {
          ct: folder.at('b/b__CT.mha'),
          pet: folder.at('b/b__PT.mha'),
          'rt-dose': folder.at('b/b__RTDOSE.mha'),
        },
      ],
      ['a', { ct: folder.at('a/a__CT.nii.gz'), pet: folder.at('a/a__PT.nii') }],
    ]);
    expect(cases[1]!.row['Age']).toBe('60');
    expect(notes).toEqual(['1 patients without CT or PET are left out: c']);
    expect(requireTruth(readCohort(folder.path, TASK2), TASK2)).toMatchObject({
      cases: [{ id: 'b' }],
      notes: [expect.any(String), '1 patients without Relapse or RFS are left out: a'],
    });
  });

  it('takes it without a table, with label maps', () => {
    put('b/b__CT.nii.gz', 'b/b__PT.nii.gz', 'a/a__CT.nii.gz', 'a/a__PT.nii.gz', 'a/a.nii.gz');
    put('half/half__CT.nii.gz', 'notes/read.me', '.git/config');
    const cohort = readCohort(folder.path, TASK1);
    expect(cohort.cases.map(({ id, labels, row }) => [id, labels, row])).toEqual([
      ['a', folder.at('a/a.nii.gz'), {}],
      ['b', undefined, {}],
    ]);
    expect(cohort.notes).toEqual(['1 patients without CT or PET are left out: half']);
    expect(requireTruth(cohort, TASK1).cases.map(({ id }) => id)).toEqual(['a']);
    expect(() => requireTruth(readCohort(folder.path, TASK2), TASK2)).toThrow(
      'no table named *task_2.csv; it holds no .csv at all',
    );
  });

  it('takes folders laid out as for the container, with a note on those that are not', () => {
    put('a/images/ct/1.mha', 'a/images/pet/2.mha', 'a/ehr.json');
    put('b/images/ct/1.mha', 'b/images/ct/2.mha', 'b/images/pet/2.mha');
    const { cases, notes } = readCohort(folder.path, TASK2);
    expect(cases).toEqual([
      {
        id: 'a',
        row: {},
        images: { ct: folder.at('a/images/ct/1.mha'), pet: folder.at('a/images/pet/2.mha') },
        record: folder.at('a/ehr.json'),
      },
    ]);
    expect(notes).toEqual(['b: 2 images for ct: "1.mha", "2.mha"']);
  });

  it('takes a table of paths, absolute or relative to it', () => {
    put('scans/ct.nii.gz', 'scans/pet.nii.gz', 'masks/a.mha');
    const pet = folder.at('scans/pet.nii.gz');
    const lines = [
      'PatientID,CT,PET,labels,Age',
      `a,scans/ct.nii.gz,${pet},masks/a.mha,50`,
      'b,scans/none.nii.gz,scans/pet.nii.gz,,60',
    ];
    const { cases, notes } = readCohort(folder.put('list.csv', lines.join('\n')), TASK1);
    expect(cases).toEqual([
      {
        id: 'a',
        row: { PatientID: 'a', Age: '50' },
        images: { ct: folder.at('scans/ct.nii.gz'), pet },
        labels: folder.at('masks/a.mha'),
      },
    ]);
    expect(notes).toEqual([
      `b: there is no ${folder.at('scans/none.nii.gz')}`,
      '1 patients without CT or PET are left out: b',
    ]);
  });

  it('takes a table beside the patients by its own name', () => {
    put('a/a__CT.mha', 'a/a__PT.mha', 'b/b__CT.mha', 'b/b__PT.mha');
    const table = folder.put('half.csv', 'PatientID\nb\n');
    expect(readCohort(table, TASK1).cases.map(({ id }) => id)).toEqual(['b']);
  });

  it.each([
    ['../up', 'cannot be the name of a folder'],
    ['.hidden', 'cannot be the name of a folder'],
    ['', 'cannot be the name of a folder'],
    ['a\u001b[31mred', 'cannot be the name of a folder'],
    ['a'.repeat(300), 'cannot be the name of a folder'],
    ['a\nb\na', "the patient 'a' is there twice"],
  ])('refuses the patients %j', (ids, words) => {
    folder.put(
      'x_Task_1.csv',
      `PatientID,Age\n${ids
        .split('\n')
        .map((id) => `${id},1\n`)
        .join('')}`,
    );
    expect(() => readCohort(folder.path, TASK1)).toThrow(words);
  });

  it('says what is missing where nobody is found', () => {
    expect(() => readCohort(folder.path, TASK1)).toThrow('it has no rows, or no folders');
    put('input/readme.txt', 'other.txt');
    expect(() => readCohort(folder.path, TASK1)).toThrow('none of its 1 patients can be used');
    expect(() => readCohort(join(folder.path, 'other.txt'), TASK1)).toThrow('not a folder, nor');
    put('images/ct/1.mha', 'images/pet/1.mha');
    expect(() => readCohort(folder.path, TASK1)).toThrow('it is one case');
  });
});
