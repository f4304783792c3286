import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../engine/open-engine.ts';
import { emptyOutput, filesIn, handOver, holdsAny, mountableCase } from './folders.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folders-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('mountableCase', () => {
  it('mounts a case everybody may read as it is', async () => {
    await writeFile(join(folder, 'ehr.json'), '{}', { mode: 0o644 });
    const mounted = await mountableCase(folder);
    expect(mounted.folder).toBe(folder);
    await mounted.dispose();
    expect(await filesIn(folder)).toEqual(['ehr.json']);
  });

  it('copies a case only its owner may read, and removes the copy', async () => {
    await mkdir(join(folder, 'images'), { mode: 0o700 });
    await writeFile(join(folder, 'images/ct.mha'), 'ct', { mode: 0o600 });
    const mounted = await mountableCase(folder);
    expect(mounted.folder).not.toBe(folder);
    expect((await stat(join(mounted.folder, 'images/ct.mha'))).mode & 0o777).toBe(0o644);
    expect((await stat(join(mounted.folder, 'images'))).mode & 0o777).toBe(0o755);
    await mounted.dispose();
    await expect(readFile(join(mounted.folder, 'images/ct.mha'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(folder, 'images/ct.mha'), 'utf8')).toBe('ct');
  });

  it('copies a case of links, which would lead nowhere inside the container', async () => {
    await writeFile(join(folder, 'elsewhere.mha'), 'ct', { mode: 0o644 });
    const own = join(folder, 'case');
    await mkdir(own, { mode: 0o755 });
    await symlink(join(folder, 'elsewhere.mha'), join(own, 'ct.mha'));
    await symlink('/nowhere', join(own, 'dead.mha'));
    const mounted = await mountableCase(own);
    expect(await readFile(join(mounted.folder, 'ct.mha'), 'utf8')).toBe('ct');
    expect(await filesIn(mounted.folder)).toEqual(['ct.mha']);
    await mounted.dispose();
  });

  it('says that a case does not exist', async () => {
    await expect(mountableCase(join(folder, 'none'))).rejects.toMatchObject({
      code: 'INPUT_FOLDER_MISSING',
    });
  });
});

describe('handOver', () => {
  it('follows no link that a container left, wherever it leads', async () => {
    await symlink('/nowhere/at/all', join(folder, 'report.html'));
    const calls: string[] = [];
    const engine = createEngine('docker', (_command, args) => {
      calls.push(args.at(-1)!);
      return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    });
    await handOver(engine, 'image', folder);
    expect(await filesIn(folder)).toEqual(['report.html']);
    expect(calls.every((script) => script.includes('lchownSync'))).toBe(true);
  });
});

describe('holdsAny', () => {
  it.each([
    ['/', true],
    ['/home', true],
    ['/home/me', true],
    ['/home/me/', true],
    ['/home/m', false],
    ['/home/me/out', false],
  ])('%s: %s', (path, holds) => expect(holdsAny(path, ['/home/me'])).toBe(holds));
});

describe('emptyOutput', () => {
  it('leaves an empty folder any user may write to', async () => {
    const output = join(folder, 'out');
    await mkdir(output);
    await writeFile(join(output, 'old.json'), '1');
    await emptyOutput(output, [join(folder, 'case')]);
    expect(await filesIn(output)).toEqual([]);
    expect((await stat(output)).mode & 0o777).toBe(0o777);
  });

  it('empties where a link leads and names what is no folder', async () => {
    const [output, link] = [join(folder, 'out'), join(folder, 'link')];
    await mkdir(output);
    await writeFile(join(output, 'old.json'), '1');
    await symlink(output, link);
    await emptyOutput(link, [join(folder, 'case')]);
    expect(await filesIn(output)).toEqual([]);
    const file = join(folder, 'file');
    await writeFile(file, 'precious');
    await expect(emptyOutput(file, [])).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      file,
    });
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it('refuses to empty a folder that holds the case', async () => {
    await writeFile(join(folder, 'precious'), '');
    await expect(emptyOutput(folder, [join(folder, 'case')])).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
    });
    await expect(emptyOutput(folder, [folder])).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
    });
    expect(await filesIn(folder)).toEqual(['precious']);
  });
});
