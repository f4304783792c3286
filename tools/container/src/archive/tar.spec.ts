import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../engine/exec.ts';
import { contentOf, type FoundEntry, type NewEntry, readTar, TAR_END, tarEntry } from './tar.ts';

const LONG = `${'a-rather-long-folder-name/'.repeat(6)}file.txt`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tar-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function entriesOf(source: AsyncIterable<Uint8Array>) {
  const found: (FoundEntry & { text: string })[] = [];
  for await (const [entry, content] of readTar(source)) {
    found.push({ ...entry, text: (await contentOf(content)).toString() });
  }
  return found;
}

async function* archive(...entries: [NewEntry, string][]) {
  for (const [entry, text] of entries) yield* tarEntry(entry, Buffer.from(text));
  yield TAR_END;
}

describe('readTar', () => {
  it.each(['pax', 'gnu', 'ustar'])('reads what GNU tar writes as %s', async (format) => {
    const name = format === 'ustar' ? 'short/file.txt' : LONG;
    await mkdir(join(folder, 'in', name, '..'), { recursive: true });
    await writeFile(join(folder, 'in', name), 'content');
    await symlink('file.txt', join(folder, 'in/link'));
    const made = await exec('tar', [
      `--format=${format}`,
      '-cf',
      join(folder, 't'),
      '-C',
      join(folder, 'in'),
      '.',
    ]);
    expect(made).toMatchObject({ code: 0 });
    const entries = await entriesOf(createReadStream(join(folder, 't'), { highWaterMark: 700 }));
    expect(entries.find((entry) => entry.type === '0')).toMatchObject({ name, text: 'content' });
    expect(entries.find((entry) => entry.type === '2')).toMatchObject({
      name: 'link',
      linkname: 'file.txt',
    });
    const bytes = await readFile(join(folder, 't'));
    const { offset } = entries.find((entry) => entry.type === '0')!;
    expect(bytes.toString('latin1', offset, offset + 7)).toBe('content');
  });

  it('notices an archive that ends too early and a damaged header', async () => {
    const bytes = await contentOf(archive([{ name: 'a', size: 3 }, 'abc']));
    const read = (part: Buffer) =>
      entriesOf(
        (async function* () {
          yield part;
        })(),
      );
    await expect(read(bytes.subarray(0, 513))).rejects.toThrow('ends too early');
    await expect(read(bytes.subarray(0, 1024))).rejects.toThrow('ends too early');
    const damaged = Buffer.from(bytes);
    damaged[0] = 0x62;
    await expect(read(damaged)).rejects.toThrow('header is damaged');
  });
});

describe('tarEntry', () => {
  it('writes what GNU tar reads, long names and extended attributes included', async () => {
    const xattrs = { 'SCHILY.xattr.user.note': 'caf\u00e9' };
    const bytes = await contentOf(
      archive(
        [{ name: LONG, size: 4, xattrs }, 'long'],
        [{ name: 'dir/', size: 0, type: '5', mode: 0o755 }, ''],
      ),
    );
    await writeFile(join(folder, 't'), bytes);
    const listed = await exec('tar', ['-tvf', join(folder, 't'), '--utc']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/^-rw-r--r-- 0\/0 +4 2000-01-01 00:00 a-rather/);
    expect(listed.stdout).toMatch(/drwxr-xr-x 0\/0 +0 2000-01-01 00:00 dir\//);
    const text = await exec('tar', ['-xOf', join(folder, 't'), LONG]);
    expect(text.stdout).toBe('long');
    const [entry] = await entriesOf(archive([{ name: LONG, size: 4, xattrs }, 'long']));
    expect(entry).toMatchObject({ name: LONG, xattrs });
  });

  it('refuses a content that is not as long as was said', async () => {
    await expect(contentOf(archive([{ name: 'a', size: 2 }, 'abc']))).rejects.toThrow('changed');
  });
});
