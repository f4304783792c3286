import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeText } from './write-reports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeText', () => {
  it('replaces a link instead of writing where it leads, and a folder', async () => {
    const [victim, link, place] = ['victim', 'link', 'place'].map((name) => join(folder, name));
    await writeFile(victim!, 'precious');
    await symlink(victim!, link!);
    await mkdir(join(place!, 'below'), { recursive: true });
    await writeText(link!, 'ours');
    await writeText(place!, 'ours');
    expect(await readFile(victim!, 'utf8')).toBe('precious');
    expect(await readFile(link!, 'utf8')).toBe('ours');
    expect(await readFile(place!, 'utf8')).toBe('ours');
    expect(await readdir(folder)).toEqual(['link', 'place', 'victim']);
  });

  it('names the file that could not be written', async () => {
    await writeFile(join(folder, 'none'), '');
    const file = join(folder, 'none/report.json');
    await expect(writeText(file, '{}')).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      file,
    });
  });
});
