import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partialFile } from './partial-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partial-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('partialFile', () => {
  it.each([
    ['a folder of that name', 'folder.tar.gz'],
    ['/file', 'file/a.tar.gz'],
    ['name too long', `${'x'.repeat(260)}.tar.gz`],
  ])(
    'names the archive that cannot be written before anything is packed: %s',
    async (why, name) => {
      await mkdir(join(folder, 'folder.tar.gz'));
      await writeFile(join(folder, 'file'), '');
      await expect(partialFile(join(folder, name))).rejects.toMatchObject({
        code: 'OUTPUT_WRITE_FAILED',
        file: join(folder, name),
        detail: expect.stringContaining(why),
        fix: expect.stringContaining('--archive'),
      });
      expect(await readdir(folder)).toEqual(['file', 'folder.tar.gz']);
    },
  );
});
