import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { craftedArchive, type Deviations } from '../../testing/crafted-archive.ts';
import { contentOf, readTar } from '../archive/tar.ts';
import { readBack, type ReadBackOptions, retagged } from './verify-archive.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-back-'));
  file = join(folder, 'submission.tar.gz');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const check = (options: Partial<ReadBackOptions> = {}) =>
  readBack(file, { name: 'submission_task1.tar.gz', maxBytes: 1e6, ...options });

async function crafted(deviations: Deviations = {}) {
  const bytes = gzipSync(await craftedArchive(deviations));
  await writeFile(file, bytes);
  return bytes;
}

describe('readBack', () => {
  it.each([{}, { gzipLayer: true }])(
    'takes a sound archive %p and gives its digests',
    async (how) => {
      const bytes = await crafted(how);
      const facts = await check();
      expect(facts).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        images: [{ tags: ['crafted:latest'], config: { architecture: 'amd64' } }],
      });
      expect(facts.images[0]!.layers[0]!.diffId).toBe(facts.images[0]!.config.rootfs!.diff_ids[0]);
      await expect(check({ imageId: facts.images[0]!.id })).resolves.toBeDefined();
    },
  );

  const BROKEN: readonly (readonly [string, Deviations, RegExp])[] = [
    ['two images', { images: 2 }, /holds 2 images, exactly one/],
    ['no image', { images: 0 }, /holds 0 images/],
    ['another architecture', { config: { architecture: 'arm64' } }, /for linux\/arm64/],
    ['another system', { config: { os: 'windows' } }, /for windows\/amd64/],
    ['no user', { config: { config: { User: '' } } }, /names no user/],
    ['root', { config: { config: { User: 'root:users' } } }, /user is "root:users"/],
    ['user 0', { config: { config: { User: '0:0' } } }, /user is "0:0"/],
    ['no entry point', { config: { config: { Entrypoint: [] } } }, /no entry point/],
    ['a layer with other content', { otherLayer: true }, /layer 1 of 1 has the digest/],
    ['a missing layer', { withoutLayer: true }, /layer 1 of 1 is missing/],
    ['no manifest', { withoutManifest: true }, /has no manifest\.json/],
  ];
  it.each(BROKEN)('refuses %s', async (_name, deviations, detail) => {
    await crafted(deviations);
    await expect(check()).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      file: 'submission_task1.tar.gz',
      detail: expect.stringMatching(detail),
    });
  });

  it('refuses a file that ends too early, has a flipped bit or is no archive', async () => {
    const bytes = await crafted();
    const refused = { code: 'ARCHIVE_INVALID', detail: expect.stringContaining('read back') };
    await writeFile(file, bytes.subarray(0, -20));
    await expect(check()).rejects.toMatchObject(refused);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 6]! ^= 1;
    await writeFile(file, flipped);
    await expect(check()).rejects.toMatchObject(refused);
    await writeFile(file, 'no archive');
    await expect(check()).rejects.toMatchObject(refused);
  });

  it('refuses an image that is not the tested one, and an archive over the limit', async () => {
    await crafted();
    await expect(check({ imageId: 'sha256:other' })).rejects.toMatchObject({
      detail: expect.stringContaining('not sha256:other'),
    });
    await expect(check({ maxBytes: 10 })).rejects.toMatchObject({
      detail: expect.stringContaining('the limit is'),
    });
  });
});

describe('retagged', () => {
  it('changes the name and nothing else', async () => {
    const bytes = await crafted();
    const before = await contents(gunzipSync(bytes));
    const after = await contents(await contentOf(retagged(file, 'other:1')));
    expect(after.get('manifest.json')).toContain('"RepoTags":["other:1"]');
    for (const name of before.keys()) {
      if (name !== 'manifest.json') expect(after.get(name)).toBe(before.get(name));
    }
    expect([...after.keys()]).toEqual([...before.keys()]);
  });
});

async function contents(bytes: Buffer) {
  const found = new Map<string, string>();
  for await (const [{ name }, content] of readTar(Readable.from([bytes]))) {
    found.set(name, (await contentOf(content)).toString('latin1'));
  }
  return found;
}
