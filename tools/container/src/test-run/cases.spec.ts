import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCases } from './cases.ts';
import { hostPaths } from './run-case.ts';
import { LAYOUTS } from './run-args.ts';

describe('findCases', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cases-'));
    for (const path of ['b/images/ct', 'a/images/ct', 'notes']) {
      await mkdir(join(root, path), { recursive: true });
    }
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('takes a case as it is, and a folder of cases one by one', async () => {
    expect(await findCases([join(root, 'b')])).toEqual([{ name: 'b', folder: join(root, 'b') }]);
    expect((await findCases([root])).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('gives every case a name of its own', async () => {
    const twice = [join(root, 'a'), join(root, 'a')];
    expect((await findCases(twice)).map(({ name }) => name)).toEqual(['a', 'a-2']);
  });

  it('gives every case a name of its own whatever the folders are called', async () => {
    await mkdir(join(root, 'more/a-2/images'), { recursive: true });
    const folders = [join(root, 'a'), join(root, 'a'), join(root, 'more/a-2')];
    expect((await findCases(folders)).map(({ name }) => name)).toEqual(['a', 'a-2', 'a-2-2']);
  });

  it('passes over links that lead nowhere, and says what is no folder', async () => {
    await symlink('/nowhere', join(root, 'c'));
    expect((await findCases([root])).map(({ name }) => name)).toEqual(['a', 'b']);
    await writeFile(join(root, 'd'), '');
    await expect(findCases([join(root, 'd')])).rejects.toMatchObject({
      code: 'INPUT_FOLDER_MISSING',
      detail: 'the case is no folder that can be read, ENOTDIR',
    });
  });

  it('leaves it to the container to say what an empty folder lacks', async () => {
    expect(await findCases([join(root, 'notes')])).toHaveLength(1);
  });

  it('names a folder that does not exist', async () => {
    await expect(findCases([join(root, 'none')])).rejects.toMatchObject({
      code: 'INPUT_FOLDER_MISSING',
      file: join(root, 'none'),
    });
  });
});

describe('hostPaths', () => {
  const folders = { input: '/home/me/case $& 1', output: '/home/me/out' };

  it.each([
    [
      'document',
      'no image in [/tmp/input/images/ct]',
      'no image in [/home/me/case $& 1/images/ct]',
    ],
    ['platform', '"/input/ehr.json"', '"/home/me/case $& 1/ehr.json"'],
    ['platform', 'mount /input or /output', 'mount /home/me/case $& 1 or /home/me/out'],
    ['platform', '/data/input/x /inputs /input.txt', '/data/input/x /inputs /input.txt'],
  ] as const)('replaces those of the %s layout', (layout, text, shown) => {
    expect(hostPaths(text, LAYOUTS[layout], folders)).toBe(shown);
  });
});
