import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildImage,
  imageFacts,
  saveSubmission,
  appAt,
  type BuildImageOptions,
  type Engine,
  type EngineName,
  type SubmissionOptions,
} from '@hecktor/container';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const app = appAt(fileURLToPath(new URL('../../..', import.meta.url)), 'task1');
const resources = join(app.root, 'resources');
const bundle = join(app.workspace, 'dist/apps/task1');
const source = { revision: 'f00', date: '2026-01-02T03:04:05Z' };

const ENGINES: readonly EngineName[] = ['docker', 'podman'];
const engines = new Map(
  await Promise.all(ENGINES.map(async (name) => [name, await engineForTests(name)] as const)),
);

for (const name of ENGINES) {
  const engine = engines.get(name);
  const withEngine = engine === undefined ? describe.skip : describe;
  withEngine(`building and saving with ${name}`, () => suite(engine!));
}

function suite(engine: Engine) {
  const tag = `hecktor-build-and-save:${process.pid}`;
  const tags = [tag, `${tag}-again`, `${tag}-changed`, `${tag}-light`];
  let folder: string;

  const build = (options: Partial<BuildImageOptions> = {}) =>
    buildImage(engine, {
      ...{ app, tag, resources, bundle, source, nodeImage: 'node:26-bookworm-slim' },
      context: join(folder, 'context'),
      ...options,
    });

  /** Saves without a test run of the whole program, which other tests do. */
  const save = (options: Partial<SubmissionOptions> = {}) =>
    saveSubmission(engine, {
      ...{ image: tag, resources, maxBytes: 2e9, force: true, weights: 'inside' },
      archive: join(folder, 'saved/submission_task1.tar.gz'),
      modelArchive: join(folder, 'saved/model_task1.tar.gz'),
      verdict: join(folder, 'verdict.json'),
      ...options,
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'build-and-save-'));
    await build();
  }, 10 * MINUTE);

  afterAll(async () => {
    await engine.exec(['image', 'rm', '--force', ...tags]);
    await rm(folder, { recursive: true, force: true });
  }, MINUTE);

  it(
    'gives one image for two builds of the same sources',
    async () => {
      // The second one starts from nothing that the first one left.
      const again = await build({ tag: tags[1]! });
      const first = await imageFacts(engine, tag);
      expect(again.id).toBe(first.id);
      expect(again.layers).toEqual(first.layers);
      expect(again).toMatchObject({ user: '65532:65532', architecture: 'amd64' });
    },
    5 * MINUTE,
  );

  it(
    'keeps every layer but the last when the program changes',
    async () => {
      const other = join(folder, 'bundle');
      await cp(bundle, other, { recursive: true });
      await appendFile(join(other, 'main.mjs'), '\n// changed\n');
      const changed = await build({ tag: tags[2]!, bundle: other });
      const first = await imageFacts(engine, tag);
      expect(changed.id).not.toBe(first.id);
      expect(changed.layers.slice(0, -1)).toEqual(first.layers.slice(0, -1));
      expect(changed.layers.at(-1)).not.toBe(first.layers.at(-1));
    },
    5 * MINUTE,
  );

  it.each([
    ['a missing model', 'MODEL_FILE_NOT_FOUND', (to: string) => rm(join(to, 'model.onnx'))],
    ['a damaged model', 'MODEL_INVALID', (to: string) => writeFile(join(to, 'model.onnx'), 'x')],
    ['an LFS pointer', 'RESOURCE_LFS_POINTER', pointer],
    ['a checkpoint', 'RESOURCE_UNWANTED', (to: string) => writeFile(join(to, 'a.pth'), 'x')],
    ['an invalid recipe', 'RECIPE_INVALID', (to: string) => edit(to, '"overlap"', '"overlapp"')],
    ['a wrong input name', 'MODEL_MISMATCH', (to: string) => edit(to, '"input": "', '"input": "x')],
  ])('builds nothing for %s', async (_name, code, breakIt) => {
    const broken = await mkdtemp(join(folder, 'resources-'));
    await cp(resources, broken, { recursive: true });
    await breakIt(broken);
    const never = `hecktor-never-built:${process.pid}`;
    await expect(build({ tag: never, resources: broken })).rejects.toMatchObject({ code });
    await expect(imageFacts(engine, never)).rejects.toMatchObject({ code: 'IMAGE_NOT_BUILT' });
  });

  it(
    'saves an archive that reads back, loads under a temporary name and starts',
    async () => {
      const loaded: string[] = [];
      const saved = await save({
        async rerun(image) {
          loaded.push(image, (await imageFacts(engine, image)).id);
          const run = await engine.require([
            ...['run', '--rm', '--network', 'none', '--entrypoint', 'node', image],
            ...['-p', 'require("fs").readdirSync("/opt/app/resources").sort().join()'],
          ]);
          expect(run).toContain('model.onnx,');
          return { cases: [], outputs: {} };
        },
      });
      const { id, layers } = await imageFacts(engine, tag);
      expect(loaded[1]).toBe(id);
      await expect(imageFacts(engine, loaded[0]!)).rejects.toMatchObject({
        code: 'IMAGE_NOT_BUILT',
      });
      const facts = JSON.parse(await readFile(saved.facts, 'utf8'));
      expect(facts).toMatchObject({
        archive: { sha256: saved.image.sha256 },
        image: { id, layers },
      });
      const bill = await readFile(saved.sbom, 'utf8');
      for (const part of ['pkg:npm/onnxruntime-node@', 'pkg:deb/debian/libc6@', '"model.onnx"']) {
        expect(bill).toContain(part);
      }
    },
    5 * MINUTE,
  );

  it(
    'leaves nothing of a save that is interrupted or gets too large',
    async () => {
      const archive = join(folder, 'stopped/submission_task1.tar.gz');
      const controller = new AbortController();
      const stopped = save({
        archive,
        signal: controller.signal,
        onProgress: (_stage, fraction) => {
          if (fraction > 0.2) controller.abort(new Error('Ctrl-C'));
        },
      });
      await expect(stopped).rejects.toThrow('Ctrl-C');
      await expect(save({ archive, maxBytes: 5e6 })).rejects.toMatchObject({
        code: 'ARCHIVE_TOO_LARGE',
      });
      expect(await readdir(join(folder, 'stopped'))).toEqual([]);
    },
    5 * MINUTE,
  );

  it(
    'leaves the weights out of the image when they come on their own',
    async () => {
      const light = await build({ tag: tags[3]!, weights: 'separate' });
      expect(light.labels).toMatchObject({ 'hecktor.weights': 'separate' });
      const found = await engine.require([
        ...['run', '--rm', '--network', 'none', '--entrypoint', 'node', tags[3]!],
        ...['-p', 'require("fs").readdirSync("/opt/app/resources").join()'],
      ]);
      expect(found).toContain('pipeline.json');
      expect(found).not.toContain('.onnx');
    },
    5 * MINUTE,
  );
}

function pointer(to: string): Promise<void> {
  return writeFile(join(to, 'model.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
}

async function edit(to: string, what: string, by: string): Promise<void> {
  const recipe = join(to, 'pipeline.json');
  await writeFile(recipe, (await readFile(recipe, 'utf8')).replace(what, by));
}
