import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { TASK2 } from './fixtures/cohort.ts';
import { inputFiles, layOutInput } from './input-files.ts';

const folder = useFolder({ each: true });

it('lays out images with their data files, and the record without the truth', () => {
  const ct = folder.put('a/scan.mhd', 'header');
  folder.put('a/scan.zraw', 'voxels');
  folder.put('a/scanner.mhd', 'another');
  const pet = folder.put('a/pet.nii.gz', 'pet');
  const row = {
    PatientID: 'a',
    Age: '50',
    RFS: '100',
    Relapse: '1',
    'HPV Status': '1',
    Gender: '',
  };
  const files = inputFiles({ id: 'a', row, images: { ct, pet } }, TASK2);
  layOutInput(files, folder.at('link'));
  expect(readdirSync(folder.at('link'), { recursive: true }).sort()).toEqual([
    ...['ehr.json', 'images', 'images/ct', 'images/ct/scan.mhd', 'images/ct/scan.zraw'],
    ...['images/pet', 'images/pet/pet.nii.gz'],
  ]);
  expect(readFileSync(folder.at('link/ehr.json'), 'utf8')).toBe('{"Age":50}');
  expect(lstatSync(folder.at('link/images/ct/scan.mhd')).isSymbolicLink()).toBe(true);
  layOutInput(files, folder.at('copy'), 'copy');
  expect(lstatSync(folder.at('copy/images/ct/scan.zraw')).isFile()).toBe(true);
});

it('leaves the record out where there is none, and takes one that is a file', () => {
  const one = { id: 'a', row: {}, images: {} };
  expect(inputFiles(one, TASK2)).toEqual([]);
  const record = folder.put('ehr-of-a.json', '{}');
  expect(inputFiles({ ...one, record }, TASK2)).toEqual([{ path: 'ehr.json', from: record }]);
});
