import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn } from '../test-run/folders.ts';
import { stageContext } from './stage-context.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;
let sources: Parameters<typeof stageContext>[0];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stage-'));
  const [bundle, resources] = [join(folder, 'bundle'), join(folder, 'resources')];
  await mkdir(join(bundle, 'pipelines'), { recursive: true });
  await mkdir(resources);
  await writeFile(join(bundle, 'main.mjs'), 'export {};', { mode: 0o600 });
  await writeFile(join(bundle, 'main.mjs.map'), '{}');
  await writeFile(join(bundle, 'pipelines/reader.wasm'), 'w');
  await writeFile(join(resources, 'pipeline.json'), '{}');
  await writeFile(join(resources, 'model.onnx'), 'weights');
  await writeFile(join(resources, '.gitkeep'), '');
  sources = { root, bundle, resources, context: join(folder, 'context') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('stageContext', () => {
  it('takes the program, the resources and one native runtime, and nothing else', async () => {
    await stageContext(sources);
    const files = await filesIn(sources.context);
    const own = files.filter((file) => !file.startsWith('runtime/'));
    expect(own).toEqual([
      'Dockerfile',
      'app/LICENSE',
      'app/main.mjs',
      'app/pipelines/reader.wasm',
      'check.mjs',
      'resources/pipeline.json',
      'weights/model.onnx',
    ]);
    const native = files.filter((file) => file.includes('/bin/'));
    expect(native.map((file) => file.replace(/.*\/bin\//, ''))).toEqual([
      'napi-v6/linux/x64/libonnxruntime.so.1',
      'napi-v6/linux/x64/onnxruntime_binding.node',
    ]);
    expect(files.filter((file) => /\.(map|ts)$/.test(file))).toEqual([]);
  });

  it('adds OpenVINO for a recipe that asks for it, and lists what that brings along', async () => {
    const root = join(folder, 'root');
    const put = async (file: string, text: string) => {
      await mkdir(join(root, file, '..'), { recursive: true });
      await writeFile(join(root, file), text);
    };
    for (const name of ['onnxruntime-node', 'onnxruntime-common', 'koffi']) {
      await put(`node_modules/${name}/package.json`, '{}');
    }
    for (const name of [
      'node/dist/a.js',
      'node/bin/napi-v6/linux/x64/b.node',
      'common/dist/a.js',
    ]) {
      await put(`node_modules/onnxruntime-${name}`, '');
    }
    await put('node_modules/koffi/doc/index.md', '');
    for (const file of ['LICENSE', 'docker/Dockerfile', 'docker/check.mjs']) await put(file, '');
    const [integrity, license] = ['sha512-AA==', 'MIT'];
    const locked = { version: '3.3.4', integrity, license };
    const packages = {
      'node_modules/koffi': locked,
      'node_modules/@koromix/koffi-linux-x64': locked,
    };
    await put('package-lock.json', JSON.stringify({ packages }));
    const staged = { ...sources, root, openVino: true };
    await expect(stageContext(staged)).rejects.toMatchObject({
      ...{ code: 'OPENVINO_MISSING', fix: expect.stringContaining('fetch_openvino.py') },
    });
    const component = {
      name: 'openvino',
      version: '2026.4.1',
      license: 'Apache-2.0',
      type: 'pypi',
    };
    await put('node_modules/.openvino/component.json', JSON.stringify(component));
    await put('node_modules/.openvino/libopenvino.so', '');
    // As on a Mac.
    await expect(stageContext(staged)).rejects.toMatchObject({
      ...{ code: 'OPENVINO_MISSING', fix: expect.stringContaining('koffi-linux-x64@3.3.4') },
    });
    await put('node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node', '');
    await put('node_modules/@koromix/koffi-linux-x64/musl_x64/koffi.node', '');
    await stageContext(staged);
    const files = await filesIn(join(sources.context, 'runtime/node_modules'));
    expect(files.filter((file) => !file.startsWith('onnxruntime'))).toEqual([
      '.openvino/component.json',
      '.openvino/libopenvino.so',
      '@koromix/koffi-linux-x64/linux_x64/koffi.node',
      'koffi/package.json',
    ]);
    const list = await readFile(join(sources.context, 'app/packages.json'), 'utf8');
    expect(JSON.parse(list)).toEqual([
      { name: 'koffi', ...locked },
      { name: '@koromix/koffi-linux-x64', ...locked },
      component,
    ]);
  });

  it('leaves weights out that come on their own', async () => {
    await stageContext({ ...sources, weights: 'separate' });
    const files = await filesIn(sources.context);
    expect(files.filter((file) => file.endsWith('.onnx'))).toEqual([]);
    expect((await stat(join(sources.context, 'weights'))).isDirectory()).toBe(true);
  });

  it('makes every file readable by any user and gives all the same time stamp', async () => {
    await stageContext(sources);
    const { mode, mtimeMs } = await stat(join(sources.context, 'app/main.mjs'));
    expect(mode & 0o777).toBe(0o644);
    expect(mtimeMs).toBe(Date.UTC(2000, 0, 1));
  });

  it('forgets what an earlier build left', async () => {
    await mkdir(join(sources.context, 'weights'), { recursive: true });
    await writeFile(join(sources.context, 'weights/old.onnx'), 'old');
    await stageContext(sources);
    await expect(readFile(join(sources.context, 'weights/old.onnx'))).rejects.toThrow('ENOENT');
  });

  it('says which file is missing and what to do, before anything is built', async () => {
    await rm(join(sources.resources, 'pipeline.json'));
    await expect(stageContext(sources)).rejects.toMatchObject({
      code: 'RECIPE_MISSING',
      file: join(sources.resources, 'pipeline.json'),
    });
    await rm(join(sources.bundle, 'main.mjs'));
    await expect(stageContext(sources)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      fix: 'run its build target first',
    });
  });
});
