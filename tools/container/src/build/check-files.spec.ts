import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkFiles, type Weights } from './check-files.ts';
import { modelDigests } from './labels.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resources-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, text = 'content') {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}
const check = (weights: Weights = 'inside', maxBytes = 1000) =>
  checkFiles(folder, weights, maxBytes);

describe('checkFiles', () => {
  it('takes a recipe, models, tables, texts and the files of git', async () => {
    for (const file of [
      ...['pipeline.json', 'fold_0.onnx', 'fold_0.onnx.data', 'survival.json', 'MODEL_CARD.md'],
      ...['segmentation/pipeline.json', 'segmentation/model.onnx', '.gitkeep', '.gitattributes'],
    ]) {
      await put(file);
    }
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    ['a link that leads nowhere', (path: string) => symlink('/nowhere', path)],
    ['a link to a folder', (path: string) => symlink('.', path)],
    ['a link to a pipe', (path: string) => symlink('/dev/zero', path)],
    ['a pipe', (path: string) => promisify(execFile)('mkfifo', [path])],
  ])('refuses %s and does not wait for its end', async (kind, make) => {
    await put('pipeline.json');
    await make(join(folder, 'model.onnx'));
    await expect(check()).rejects.toMatchObject({
      code: 'RESOURCE_UNWANTED',
      file: join(folder, 'model.onnx'),
      detail: expect.stringContaining(kind),
    });
    await expect(modelDigests(folder)).rejects.toMatchObject({ code: 'RESOURCE_UNWANTED' });
  });

  it('takes a link to a file as that file', async () => {
    await put('elsewhere/a.onnx');
    await symlink(join(folder, 'elsewhere/a.onnx'), join(folder, 'model.onnx'));
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    'model.pth',
    'fold_0/model.pt',
    'icare.pkl',
    'scaler.joblib',
    'last.ckpt',
    'weights.h5',
    'features.npz',
    '.DS_Store',
    '.env',
    '__pycache__/a.txt',
    'train.py',
    'model.onnx.part',
    'model.zip',
  ])('refuses %s', async (file) => {
    await put('pipeline.json');
    await put(file);
    await expect(check()).rejects.toMatchObject({
      code: 'RESOURCE_UNWANTED',
      detail: expect.stringMatching(new RegExp(`^${file.replaceAll('.', '\\.')} is `)),
      fix: expect.stringContaining('move them elsewhere'),
    });
  });

  it('refuses a Git LFS pointer', async () => {
    await put('model.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n');
    await expect(check()).rejects.toMatchObject({
      code: 'RESOURCE_LFS_POINTER',
      detail: 'model.onnx',
      fix: expect.stringContaining('git lfs pull'),
    });
  });

  it('refuses more than an archive may hold, separate weights counted on their own', async () => {
    await put('model.onnx', 'x'.repeat(700));
    await put('table.json', 'x'.repeat(700));
    await expect(check()).rejects.toMatchObject({ code: 'ARCHIVE_TOO_LARGE' });
    await expect(check('separate')).resolves.toBeUndefined();
    await expect(check('separate', 600)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
    });
  });
});
