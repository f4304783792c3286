import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { isHecktorError, type ErrorCode } from '@hecktor/errors';
import { useFolder, withoutRights } from '@hecktor/testing';
import { inputOf, taskOf } from './fixtures/tasks.ts';
import { findInputs, resolveFolders, type TaskInput } from './index.ts';

const TASK2 = taskOf('task2');
const [CT, PET, PLANNING_CT, CLINICAL_RECORD] = ['ct', 'pet', 'ct-planning', 'ehr'].map((name) =>
  inputOf(TASK2, name),
) as [TaskInput, TaskInput, TaskInput, TaskInput];
const ALL = [CT, PET, PLANNING_CT, CLINICAL_RECORD];
const base = useFolder({ each: true });
let input = '';
let count = 0;
beforeEach(() => {
  input = base.make('case/input');
});
const put = (path: string, text?: string): string => base.put(join('case/input', path), text);

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
    const root = base.at(`root-${count++}`);
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

  it.each(['HECKTOR_INPUT', 'HECKTOR_OUTPUT'])('refuses an empty %s', (name) => {
    const root = folders('input', 'output');
    for (const value of ['', ' ']) {
      const run = () => resolveFolders({ [name]: value }, { root });
      expect(refusal(run, 'CONFIG_INVALID')).toContain(`${name} is set but empty`);
    }
  });

  it('says of an input folder that is closed to us that it is', async () => {
    const root = folders('input/images', 'above/case');
    chmodSync(base.path, 0o755);
    chmodSync(join(root, 'input'), 0);
    chmodSync(join(root, 'above'), 0);
    await withoutRights(() => {
      const message = refusal(() => resolveFolders({}, { root }), 'PERMISSION_DENIED');
      expect(message).toContain(`[${join(root, 'input')}] Permission denied`);
      const env = { HECKTOR_INPUT: join(root, 'above/case') };
      refusal(() => resolveFolders(env, { root }), 'PERMISSION_DENIED');
    });
  });

  it('takes a HECKTOR_INPUT that is a link to itself for none', () => {
    const root = folders('input');
    const link = join(root, 'link');
    symlinkSync('link', link);
    refusal(() => resolveFolders({ HECKTOR_INPUT: link }, { root }), 'INPUT_FOLDER_MISSING');
  });
});

describe('findInputs', () => {
  const SOCKETS = [CT, PET, CLINICAL_RECORD];
  const listing = (paths: Readonly<Record<string, string>>): string =>
    JSON.stringify(
      Object.entries(paths).map(([slug, relative_path]) => ({ socket: { slug, relative_path } })),
    );

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

  it('follows links that were put in the usual place, wherever they lead', () => {
    const stored = base.put('store/a.mha');
    mkdirSync(join(input, 'images/ct'), { recursive: true });
    symlinkSync(stored, join(input, 'images/ct/a.mha'));
    const ct = join(input, 'images/ct/a.mha');
    expect(findInputs(input, [CT])).toEqual({ ct });
    symlinkSync(base.at('store'), join(input, 'images/pet'));
    symlinkSync(base.put('store/ehr.json', '{}'), join(input, 'ehr.json'));
    const pet = join(input, 'images/pet/a.mha');
    const ehr = join(input, 'ehr.json');
    expect(findInputs(input, SOCKETS)).toEqual({ ct, pet, ehr });
    // The platform's inputs.json, copied with the case, names the usual places.
    put('inputs.json', listing({ 'ct-image': 'images/ct', 'fdg-pet': './images/pet/' }));
    expect(findInputs(input, SOCKETS)).toEqual({ ct, pet, ehr });
  });

  it('does not follow a path of inputs.json through a link out of the folder', () => {
    base.put('case/secret.mha');
    base.put('case/outside/a.mha');
    put('mine/real.mha');
    symlinkSync(join(input, '../secret.mha'), join(input, 'mine/a.mha'));
    symlinkSync(join(input, '../outside'), join(input, 'linked'));
    for (const path of ['mine/a.mha', 'linked', 'linked/a.mha']) {
      put('inputs.json', listing({ 'ct-image': path }));
      const message = refusal(() => findInputs(input, [CT]), 'INPUT_PATH_UNSAFE');
      expect(message).toContain('by a link');
    }
    rmSync(join(input, 'mine/real.mha'));
    put('inputs.json', listing({ 'ct-image': 'mine' }));
    refusal(() => findInputs(input, [CT]), 'INPUT_PATH_UNSAFE');
  });

  it('follows a link inside the folder', () => {
    mkdirSync(join(input, 'images/ct'), { recursive: true });
    symlinkSync(put('store/a.mha'), join(input, 'images/ct/a.mha'));
    expect(findInputs(input, [CT])).toEqual({ ct: join(input, 'images/ct/a.mha') });
    put('inputs.json', listing({ 'ct-image': 'images/ct/a.mha' }));
    expect(findInputs(input, [CT])).toEqual({ ct: join(input, 'images/ct/a.mha') });
  });

  it('says that inputs.json names a path that is not there', () => {
    put('inputs.json', listing({ 'ct-image': 'images/ct/gone.mha' }));
    expect(refusal(() => findInputs(input, [CT]), 'INPUT_IMAGE_MISSING')).toContain(
      'it does not exist; inputs.json names this path',
    );
  });

  it("passes over a folder of an image's name where there is an image", () => {
    mkdirSync(join(input, 'images/ct/slices.mha'), { recursive: true });
    expect(findInputs(input, [CT])).toEqual({ ct: join(input, 'images/ct/slices.mha') });
    const ct = put('images/ct/real.mha');
    expect(findInputs(input, [CT])).toEqual({ ct });
  });

  it('names what closes a place to us', async () => {
    put('images/ct/a.mha');
    chmodSync(base.path, 0o755);
    chmodSync(join(input, 'images'), 0);
    await withoutRights(() => {
      const message = refusal(() => findInputs(input, [CT]), 'INPUT_IMAGE_MISSING');
      expect(message).toMatch(/EACCES.*missing permissions/);
    });
    chmodSync(join(input, 'images'), 0o755);
    const long = { ...CT, path: 'x'.repeat(300) };
    const message = refusal(() => findInputs(input, [long]), 'INPUT_IMAGE_MISSING');
    expect(message).toMatch(/ENAMETOOLONG.*longer than the system takes/);
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

  it('warns of an input that inputs.json lists and that is not there', () => {
    put('images/ct/a.mha');
    put('images/pet/a.mha');
    const entries = [PLANNING_CT, CLINICAL_RECORD].map(({ slugs, path }) => ({
      socket: { slug: slugs[0], relative_path: path },
    }));
    put('inputs.json', JSON.stringify(entries));
    const warnings: string[] = [];
    const found = findInputs(input, ALL, (warning) => warnings.push(warning));
    expect(Object.keys(found)).toEqual([CT.name, PET.name]);
    expect(warnings).toEqual([
      'inputs.json lists ct-planning at "images/ct-planning", where there is nothing',
      'inputs.json lists ehr at "ehr.json", where there is nothing',
    ]);
    put('ehr.json', '{}');
    put('images/ct-planning/a.mha');
    findInputs(input, ALL, (warning) => warnings.push(warning));
    expect(warnings).toHaveLength(2);
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
