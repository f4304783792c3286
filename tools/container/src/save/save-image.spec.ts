import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { createEngine, type Engine } from '../engine/open-engine.ts';
import { filesIn } from '../test-run/folders.ts';
import { saveImage } from './save-image.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'save-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONTENT = createHash('sha512').update('any').digest().toString('hex').repeat(64);

function engineSaving(content: string, code = 0): Engine {
  const image = { Id: 'i', Architecture: 'amd64', Size: content.length, Config: {} };
  return {
    ...createEngine('docker', () =>
      Promise.resolve({ code: 0, stdout: JSON.stringify([image]), stderr: '' }),
    ),
    stream: () => ({
      stdout: Readable.from([Buffer.from(content)]),
      ended: Promise.resolve({ code, stderr: 'no space left on device\n' }),
      kill: () => undefined,
    }),
  };
}
const save = (engine: Engine, maxBytes = 1e6, onProgress?: (fraction: number) => void) =>
  saveImage(engine, {
    image: 'i',
    archive: join(folder, 'submission_task1.tar.gz'),
    maxBytes,
    ...(onProgress === undefined ? {} : { onProgress }),
  });

describe('saveImage', () => {
  it('writes what the engine gives, compressed, and says how long and which', async () => {
    const fractions: number[] = [];
    const saved = await save(engineSaving(CONTENT), 1e6, (fraction) => fractions.push(fraction));
    const bytes = await readFile(saved.archive);
    expect(gunzipSync(bytes).toString()).toBe(CONTENT);
    expect(saved.bytes).toBe(bytes.length);
    expect(saved.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(fractions.at(-1)).toBe(1);
  });

  it('stops at the limit and leaves no half archive', async () => {
    await expect(save(engineSaving(CONTENT), 50)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
    });
    expect(await filesIn(folder)).toEqual([]);
  });

  it('keeps an older archive when the engine fails', async () => {
    await save(engineSaving(CONTENT));
    await expect(save(engineSaving('half', 1))).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      detail: expect.stringContaining('no space left on device'),
    });
    expect(await filesIn(folder)).toEqual(['submission_task1.tar.gz']);
    const kept = await readFile(join(folder, 'submission_task1.tar.gz'));
    expect(gunzipSync(kept).toString()).toBe(CONTENT);
  });

  it.each([
    ['a folder of that name', 'folder.tar.gz'],
    ['/file', 'file/a.tar.gz'],
    ['name too long', `${'x'.repeat(260)}.tar.gz`],
  ])('names an archive that cannot be written before anything is packed: %s', async (why, name) => {
    await mkdir(join(folder, 'folder.tar.gz'));
    await writeFile(join(folder, 'file'), '');
    const archive = join(folder, name);
    const never = (): never => {
      throw new Error('packed');
    };
    const engine = { ...engineSaving(CONTENT), stream: never };
    await expect(saveImage(engine, { image: 'i', archive, maxBytes: 1e6 })).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      file: archive,
      detail: expect.stringContaining(why),
      fix: expect.stringContaining('--archive'),
    });
    expect(await readdir(folder)).toEqual(['file', 'folder.tar.gz']);
  });
});
