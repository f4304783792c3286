import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeAtomically } from './write-atomically.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string) => (temporary: string) => writeFileSync(temporary, text);

describe('writeAtomically', () => {
  it('makes the file and its folders, under a temporary name of the same extension first', async () => {
    const path = join(folder, 'a/b/mask.mha');
    await writeAtomically(path, (temporary) => {
      expect(extname(temporary)).toBe('.mha');
      writeFileSync(temporary, 'whole');
      expect(existsSync(path)).toBe(false);
    });
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['mask.mha']);
  });

  it('leaves nothing when the writer fails, and throws its error', async () => {
    const failure = new Error('disk');
    const done = writeAtomically(join(folder, 'a/b/mask.mha'), (temporary) => {
      writeFileSync(temporary, 'half');
      throw failure;
    });
    await expect(done).rejects.toBe(failure);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps the older file when the writer fails or is aborted', async () => {
    const path = join(folder, 'mask.mha');
    writeFileSync(path, 'older');
    const reason = new Error('stopped');
    const done = writeAtomically(path, write('newer'), { signal: AbortSignal.abort(reason) });
    await expect(done).rejects.toBe(reason);
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['mask.mha']);
  });

  it('replaces a link without following it', async () => {
    writeFileSync(join(folder, 'target'), 'kept');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    await writeAtomically(join(folder, 'link'), write('new'));
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('kept');
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('new');
  });

  it('does not replace a folder', async () => {
    mkdirSync(join(folder, 'taken/inside'), { recursive: true });
    await expect(writeAtomically(join(folder, 'taken'), write('x'))).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('removes what killed processes left of the same file, and nothing else', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const left = `.partial-${gone}-0123abcd-mask.mha`;
    const alive = `.partial-${process.pid}-0123abcd-mask.mha`;
    const other = `.partial-${gone}-0123abcd-other.mha`;
    for (const name of [left, alive, other]) writeFileSync(join(folder, name), '');
    await writeAtomically(join(folder, 'mask.mha'), write('x'));
    expect(readdirSync(folder).sort()).toEqual([alive, other, 'mask.mha'].sort());
  });
});
