import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../engine/exec.ts';
import { filesIn } from '../test-run/folders.ts';
import { saveModels, withModelFolder } from './save-image.ts';
import { writeArchive } from './write-archive.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeArchive', () => {
  it('stops reading soon after the limit', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 2 ** 20;
        yield randomBytes(2 ** 20);
      }
    }
    const options = { name: 'submission.tar.gz', maxBytes: 3 * 2 ** 20 };
    await expect(writeArchive(endless(), join(folder, 'a'), options)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
      file: 'submission.tar.gz',
    });
    expect(given).toBeLessThan(300 * 2 ** 20);
  });

  it('ends with the reason of its signal although the source says nothing', async () => {
    const controller = new AbortController();
    // eslint-disable-next-line require-yield
    async function* silent(): AsyncGenerator<Uint8Array> {
      await new Promise(() => setTimeout(() => controller.abort(new Error('Ctrl-C')), 10));
    }
    await expect(
      writeArchive(silent(), join(folder, 'a'), {
        ...{ name: 'a', maxBytes: 1e6, signal: controller.signal },
      }),
    ).rejects.toThrow('Ctrl-C');
  });
});

describe('saveModels', () => {
  it('packs the weights alone, by their paths', async () => {
    const resources = join(folder, 'resources');
    await exec('mkdir', ['-p', join(resources, 'segmentation')]);
    await writeFile(join(resources, 'pipeline.json'), '{}');
    await writeFile(join(resources, 'a.onnx'), 'a');
    await writeFile(join(resources, 'segmentation/b.onnx'), 'b');
    const saved = await saveModels(resources, {
      archive: join(folder, 'model.tar.gz'),
      maxBytes: 1e6,
    });
    const { stdout } = await exec('tar', ['-tzf', saved.archive]);
    expect(stdout.split('\n')).toEqual(['a.onnx', 'segmentation/b.onnx']);
    await withModelFolder(resources, async (mounted) => {
      expect(await filesIn(mounted)).toEqual(['a.onnx', 'segmentation/b.onnx']);
    });
  });
});
