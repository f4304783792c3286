import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { craftedArchive, type Deviations } from '../../testing/crafted-archive.ts';
import { contentOf } from './tar.ts';
import { readImageArchive } from './read-image-archive.ts';
import { repackImage } from './repack-image.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function repacked(deviations: Deviations, baseLayers = 0) {
  const file = join(folder, 'image.tar');
  await writeFile(file, await craftedArchive(deviations));
  return repackImage(file, {
    ...{ baseLayers, created: '2026-02-03T04:05:06Z', tag: 'task:latest' },
    labels: { 'hecktor.task': 'task1' },
  });
}
const run = (traces: object) => ({ config: { config: { Labels: { b: '2', a: '1' }, ...traces } } });

describe('repackImage', () => {
  it('gives one image for builds that differ in their traces and the order of files', async () => {
    const one = await repacked({
      ...run({ Hostname: 'f3a9', Image: 'sha256:1' }),
      files: { a: '1', b: '2' },
    });
    const two = await repacked({
      ...run({ Hostname: '7c2d', Image: 'sha256:2', Domainname: '' }),
      files: { b: '2', a: '1' },
      gzipLayer: true,
    });
    expect(two.id).toBe(one.id);
    expect(two.diffIds).toEqual(one.diffIds);
  });

  it('gives another for another content or another label', async () => {
    const one = await repacked({ files: { a: '1' } });
    expect((await repacked({ files: { a: '2' } })).id).not.toBe(one.id);
    const labelled = await repacked({ ...run({}), files: { a: '1' } });
    expect(labelled.id).not.toBe(one.id);
    expect(labelled.diffIds).toEqual(one.diffIds);
  });

  it('writes an archive that reads back, with the labels and times asked for', async () => {
    const image = await repacked(run({ Hostname: 'f3a9' }));
    const file = join(folder, 'out.tar');
    await writeFile(file, await contentOf(image.bytes()));
    const { images } = await readImageArchive(file);
    expect(images).toMatchObject([{ id: image.id, tags: ['task:latest'] }]);
    expect(images[0]!.layers.map((layer) => layer!.diffId)).toEqual(image.diffIds);
    const { config, created, history } = images[0]!.config;
    expect(config).not.toHaveProperty('Hostname');
    expect(Object.entries(config!.Labels!)).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['hecktor.task', 'task1'],
    ]);
    expect(created).toBe('2026-02-03T04:05:06Z');
    expect(history).toEqual([{ created, created_by: 'COPY' }]);
  });

  it("leaves the base image's layers and history as they are", async () => {
    const given = await craftedArchive({ files: { b: '2', a: '1' } });
    await writeFile(join(folder, 'given.tar'), given);
    const [before] = (await readImageArchive(join(folder, 'given.tar'))).images;
    const image = await repacked({ files: { b: '2', a: '1' } }, 1);
    expect(image.diffIds).toEqual(before!.config.rootfs!.diff_ids);
    expect((await repacked({ files: { b: '2', a: '1' } }, 0)).diffIds).not.toEqual(image.diffIds);
  });
});
