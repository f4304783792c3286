import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { extname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { writeAtomically } from './write-atomically.ts';

const scratch = useFolder({ each: true });

const write = (text: string) => (temporary: string) => writeFileSync(temporary, text);

describe('writeAtomically', () => {
  it('makes the file and its folders, under a temporary name of the same extension first', async () => {
    const path = scratch.at('a/b/mask.mha');
    await writeAtomically(path, (temporary) => {
      expect(extname(temporary)).toBe('.mha');
      writeFileSync(temporary, 'whole');
      expect(existsSync(path)).toBe(false);
    });
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(readdirSync(scratch.at('a/b'))).toEqual(['mask.mha']);
  });

  it('leaves nothing when the writer fails, and throws its error', async () => {
    const failure = new Error('disk');
    const done = writeAtomically(scratch.at('a/b/mask.mha'), (temporary) => {
      writeFileSync(temporary, 'half');
      throw failure;
    });
    await expect(done).rejects.toBe(failure);
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  it('keeps the older file when the writer fails or is aborted', async () => {
    const path = scratch.at('mask.mha');
    writeFileSync(path, 'older');
    const reason = new Error('stopped');
    const done = writeAtomically(path, write('newer'), { signal: AbortSignal.abort(reason) });
    await expect(done).rejects.toBe(reason);
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(scratch.path)).toEqual(['mask.mha']);
  });

  it('replaces a link without following it', async () => {
    writeFileSync(scratch.at('target'), 'kept');
    symlinkSync(scratch.at('target'), scratch.at('link'));
    await writeAtomically(scratch.at('link'), write('new'));
    expect(readFileSync(scratch.at('target'), 'utf8')).toBe('kept');
    expect(readFileSync(scratch.at('link'), 'utf8')).toBe('new');
  });

  it('does not replace a folder', async () => {
    mkdirSync(scratch.at('taken/inside'), { recursive: true });
    await expect(writeAtomically(scratch.at('taken'), write('x'))).rejects.toThrow();
    expect(readdirSync(scratch.path)).toEqual(['taken']);
  });

  it('removes what killed processes left of the same file, and nothing else', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const left = `.partial-${gone}-0123abcd-mask.mha`;
    const alive = `.partial-${process.pid}-0123abcd-mask.mha`;
    const other = `.partial-${gone}-0123abcd-other.mha`;
    for (const name of [left, alive, other]) writeFileSync(scratch.at(name), '');
    await writeAtomically(scratch.at('mask.mha'), write('x'));
    expect(readdirSync(scratch.path).sort()).toEqual([alive, other, 'mask.mha'].sort());
  });
});
