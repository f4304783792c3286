import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isHecktorError, type ErrorCode } from '@hecktor/errors';
import { CLINICAL_RECORD, CT, PET, PLANNING_CT, findInputs, resolveFolders } from './index.ts';

const ALL = [CT, PET, PLANNING_CT, CLINICAL_RECORD];
const base = mkdtempSync(join(tmpdir(), 'case-io-'));
let input = '';
let count = 0;
beforeEach(() => {
  input = join(base, `case-${count++}`, 'input');
  mkdirSync(input, { recursive: true });
});
afterAll(() => rmSync(base, { recursive: true }));

function put(path: string, text = 'x'): string {
  const file = join(input, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function refusal(run: () => unknown, code: ErrorCode): string {
  try {
    run();
  } catch (error) {
    expect(isHecktorError(error, code)).toBe(true);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('resolveFolders', () => {
  const folders = (...names: string[]) => {
    const root = join(base, `root-${count++}`);
    for (const name of names) mkdirSync(join(root, name), { recursive: true });
    return root;
  };

  it('takes /input and /output when /input exists, whatever else does', () => {
    const root = folders('input/images', 'tmp/input');
    expect(resolveFolders({}, { root })).toEqual({
      input: join(root, 'input'),
      output: join(root, 'output'),
    });
  });

  it('passes over an empty /input, as a committed container has it, beside /tmp/input', () => {
    const root = folders('input', 'tmp/input');
    expect(resolveFolders({}, { root }).input).toBe(join(root, 'tmp/input'));
    expect(resolveFolders({}, { root: folders('input') }).input).toMatch(/\/input$/);
  });

  it('takes /tmp/input and /tmp/output otherwise', () => {
    const root = folders('tmp/input', 'output');
    expect(resolveFolders({}, { root })).toEqual({
      input: join(root, 'tmp/input'),
      output: join(root, 'tmp/output'),
    });
  });

  it('lets the environment win, each variable on its own', () => {
    const root = folders('input', 'mine');
    const env = { HECKTOR_INPUT: join(root, 'mine') };
    expect(resolveFolders(env, { root })).toEqual({
      input: join(root, 'mine'),
      output: join(root, 'output'),
    });
    expect(resolveFolders({ HECKTOR_OUTPUT: '/elsewhere' }, { root }).output).toBe('/elsewhere');
  });

  it('names both places when there is neither', () => {
    const root = folders('other');
    const message = refusal(() => resolveFolders({}, { root }), 'INPUT_FOLDER_MISSING');
    expect(message).toContain(join(root, 'input'));
    expect(message).toContain(join(root, 'tmp/input'));
  });

  it('refuses a HECKTOR_INPUT that is no folder', () => {
    const root = folders('input');
    const env = { HECKTOR_INPUT: join(root, 'missing') };
    expect(refusal(() => resolveFolders(env, { root }), 'INPUT_FOLDER_MISSING')).toContain(
      'HECKTOR_INPUT',
    );
  });
});

describe('findInputs', () => {
  const SOCKETS = [CT, PET, CLINICAL_RECORD];

  it.each(['a.mha', 'a.mhd', 'a.nii', 'a.nii.gz', 'a.tif', 'a.tiff', 'A.MHA', 'A.Nii.Gz'])(
    'finds %s',
    (name) => {
      const ct = put(`images/ct/${name}`);
      const pet = put('images/pet/b.mha');
      expect(findInputs(input, SOCKETS)).toEqual({ ct, pet });
    },
  );

  it('counts a header with its voxels once and skips hidden files', () => {
    const ct = put('images/ct/a.mhd');
    put('images/ct/a.zraw');
    put('images/ct/.DS_Store');
    put('images/ct/._a.mha');
    const pet = put('images/pet/b.mha');
    put('images/pet/readme.txt');
    const ehr = put('ehr.json');
    expect(findInputs(input, SOCKETS)).toEqual({ ct, pet, ehr });
  });

  it('says that a folder is absent, empty, or what it holds instead', () => {
    const find = () => findInputs(input, [CT]);
    expect(refusal(find, 'INPUT_IMAGE_MISSING')).toContain('does not exist');
    mkdirSync(join(input, 'images/ct'), { recursive: true });
    expect(refusal(find, 'INPUT_IMAGE_MISSING')).toContain('the folder is empty');
    put('images/ct/scan.dcm');
    expect(refusal(find, 'INPUT_IMAGE_MISSING')).toContain('found only "scan.dcm"');
  });

  it('lists several images', () => {
    for (let i = 0; i < 10; i++) put(`images/ct/${i}.mha`);
    const message = refusal(() => findInputs(input, [CT]), 'INPUT_IMAGE_AMBIGUOUS');
    expect(message).toContain('10 images for ct: "0.mha", "1.mha"');
    expect(message).toContain('and 2 more');
  });

  it('leaves out an optional image but refuses what is no image in its place', () => {
    expect(findInputs(input, [PLANNING_CT])).toEqual({});
    mkdirSync(join(input, 'images/ct-planning'), { recursive: true });
    expect(findInputs(input, [PLANNING_CT])).toEqual({});
    put('images/ct-planning/scan.dcm');
    refusal(() => findInputs(input, [PLANNING_CT]), 'INPUT_IMAGE_MISSING');
  });

  it.each(['socket', 'interface'])('follows inputs.json with the slug under %s', (key) => {
    const ct = put('elsewhere/scan.mha');
    const pet = put('images/fdg/b.nii.gz');
    put(
      'inputs.json',
      JSON.stringify([
        { [key]: { slug: 'ct-image', relative_path: 'elsewhere' }, image: { name: 'x' } },
        { [key]: { slug: 'pet-image', relative_path: 'images/fdg/b.nii.gz' } },
        { [key]: { slug: 'other', relative_path: '../../secret' } },
        null,
        { note: 'no socket' },
      ]),
    );
    expect(findInputs(input, SOCKETS)).toEqual({ ct, pet });
  });

  it.each(['../outside', '/etc', 'images/../../outside', '..'])(
    'does not follow %s out of the folder',
    (path) => {
      mkdirSync(join(input, '../outside'), { recursive: true });
      put('inputs.json', JSON.stringify([{ socket: { slug: 'ct', relative_path: path } }]));
      refusal(() => findInputs(input, [CT]), 'INPUT_PATH_UNSAFE');
    },
  );

  it('does not follow a link out of the folder, but follows one inside', () => {
    writeFileSync(join(input, '../secret.mha'), 'x');
    mkdirSync(join(input, 'images/ct'), { recursive: true });
    symlinkSync(join(input, '../secret.mha'), join(input, 'images/ct/a.mha'));
    refusal(() => findInputs(input, [CT]), 'INPUT_PATH_UNSAFE');
    rmSync(join(input, 'images/ct/a.mha'));
    symlinkSync(put('store/a.mha'), join(input, 'images/ct/a.mha'));
    expect(findInputs(input, [CT])).toEqual({ ct: join(input, 'images/ct/a.mha') });
  });

  it('works in an input folder that is itself a link', () => {
    put('images/ct/a.mha');
    const link = `${input}-link`;
    symlinkSync(input, link);
    expect(findInputs(link, [CT])).toEqual({ ct: join(link, 'images/ct/a.mha') });
  });

  it('refuses one image for two sockets', () => {
    put('images/ct/a.mha');
    put('images/pet/b.mha');
    const both = ['ct-image', 'pet-image'].map((slug) => ({
      socket: { slug, relative_path: 'images/ct' },
    }));
    put('inputs.json', JSON.stringify(both));
    const message = refusal(() => findInputs(input, [CT, PET]), 'INPUT_IMAGE_AMBIGUOUS');
    expect(message).toContain('both ct and pet');
  });

  it('refuses two places for one socket', () => {
    put('images/ct/a.mha');
    put('images/pet/b.mha');
    const twice = CT.slugs.slice(0, 2).map((slug, i) => ({
      socket: { slug, relative_path: ['images/ct', 'images/pet'][i] },
    }));
    expect(twice).toHaveLength(2);
    put('inputs.json', JSON.stringify(twice));
    refusal(() => findInputs(input, [CT]), 'INPUT_JSON_INVALID');
  });

  it('refuses a link to itself', () => {
    mkdirSync(join(input, 'images'));
    symlinkSync('ct', join(input, 'images/ct'));
    refusal(() => findInputs(input, [CT]), 'INPUT_IMAGE_MISSING');
  });

  it.each(['{"a": 1}', 'no json', ''])('refuses inputs.json with the content %j', (text) => {
    put('images/ct/a.mha');
    put('inputs.json', text);
    refusal(() => findInputs(input, [CT]), 'INPUT_JSON_INVALID');
  });

  it('tells a link that leads nowhere from an input that is absent', () => {
    put('images/ct/a.mha');
    put('images/pet/a.mha');
    expect(Object.keys(findInputs(input, ALL))).toEqual([CT.name, PET.name]);
    symlinkSync('nowhere', join(input, 'ehr.json'));
    expect(findInputs(input, ALL)[CLINICAL_RECORD.name]).toBe(join(input, 'ehr.json'));
    symlinkSync('nowhere', join(input, 'images/ct-planning'));
    const message = refusal(() => findInputs(input, ALL), 'INPUT_IMAGE_MISSING');
    expect(message).toContain('ct-planning, the folder is a link that leads nowhere');
  });

  it('knows the layout of the training set', () => {
    put('CHUM-001__CT.nii.gz');
    put('CHUM-001__PT.nii.gz');
    expect(refusal(() => findInputs(input, ALL), 'INPUT_IMAGE_MISSING')).toContain(':evaluate');
  });

  it('takes a list of inputs that is a link to nothing for broken', () => {
    symlinkSync('nowhere', join(input, 'inputs.json'));
    expect(refusal(() => findInputs(input, ALL), 'INPUT_JSON_INVALID')).toContain('leads nowhere');
  });
});
