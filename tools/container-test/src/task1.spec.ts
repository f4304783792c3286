import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildImage,
  imageFacts,
  LAYOUTS,
  runArgs,
  saveImage,
  taskAt,
  testRun,
  type LayoutName,
} from '@hecktor/container';
import { realDataDir } from '@hecktor/testing';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const task = taskAt(fileURLToPath(new URL('../../..', import.meta.url)), 'task1');
const resources = join(task.root, 'resources');
const phantom = join(task.root, 'test/input');
const image = 'hecktor-task1:container-test';
const mask = 'images/tumor-lymph-node-segmentation/output.mha';

const engine = await engineForTests();
const realData = realDataDir();
const withEngine = engine === undefined ? describe.skip : describe;
const withRealData = realData === undefined ? it.skip : it;

let folder: string;

function run(layout: LayoutName, input: string, output = join(folder, layout)) {
  return testRun(engine!, {
    ...{ task, image, layout, output, case: input },
    expected: input === phantom ? join(task.root, 'test/expected') : undefined,
    cpus: 2,
    memory: '16g',
    timeLimit: 900,
    env: {},
  });
}

withEngine('the image of task 1', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'container-test-'));
    await buildImage(engine!, {
      ...{ task, tag: image, resources },
      nodeImage: 'node:26-bookworm-slim',
      bundle: join(task.workspace, 'dist/apps/task1'),
    });
  }, 10 * MINUTE);

  afterAll(async () => {
    await engine?.exec(['image', 'rm', '--force', image]);
    await rm(folder, { recursive: true, force: true });
  });

  it('is what the platform accepts: amd64, a user who is not root, labelled', async () => {
    const facts = await imageFacts(engine!, image);
    expect(facts).toMatchObject({ architecture: 'amd64', user: '65532:65532' });
    expect(facts.entrypoint).toEqual(['node', '/opt/app/main.mjs']);
    expect(facts.labels).toMatchObject({
      'hecktor.task': 'task1',
      'hecktor.recipe': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'hecktor.models': expect.stringMatching(/\.onnx=sha256:[0-9a-f]{64}/),
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}/),
    });
  });

  it('gets no network, no writable root, no capabilities and 16 GB without swap', async () => {
    const container = `hecktor-inspected-${process.pid}`;
    const args = runArgs({
      ...{ image, container, layout: LAYOUTS.platform, input: phantom, output: folder },
      ...{ cpus: 2, memory: '16g', env: {} },
    });
    await engine!.require(['create', ...args.slice(1)]);
    try {
      const [created] = JSON.parse(await engine!.require(['container', 'inspect', container])) as {
        HostConfig: Record<string, unknown>;
      }[];
      expect(created!.HostConfig).toMatchObject({
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: 16 * 2 ** 30,
        NanoCpus: 2e9,
        Privileged: false,
      });
    } finally {
      await engine!.exec(['rm', '--force', container]);
    }
  });

  it(
    'segments the bundled patient in both layouts, with one result',
    async () => {
      const document = await run('document', phantom);
      const platform = await run('platform', phantom);
      process.stderr.write(`${document.findings.join('\n')}\n`);
      process.stderr.write(
        `start to first line: ${document.startUp?.toFixed(2)} s and ${platform.startUp?.toFixed(2)} s; ` +
          `whole run: ${document.seconds.toFixed(1)} s and ${platform.seconds.toFixed(1)} s\n`,
      );
      expect(document.findings.join('\n')).toContain('on the grid of the CT');
      const [a, b] = await Promise.all(
        ['document', 'platform'].map((layout) => readFile(join(folder, layout, mask))),
      );
      expect(a!.equals(b!)).toBe(true);
    },
    20 * MINUTE,
  );

  withRealData(
    'segments a real CT and PET pair whose grids differ',
    async () => {
      const input = join(folder, 'real');
      for (const [kind, file] of [
        ['ct', 'CT_image.nii.gz'],
        ['pet', 'PET_image.nii.gz'],
      ] as const) {
        await mkdir(join(input, 'images', kind), { recursive: true });
        const source = join(realData!, 'petct/STS_002', file);
        await cp(source, join(input, 'images', kind, 'image.nii.gz'));
      }
      const report = await run('platform', input, join(folder, 'real-output'));
      expect(report.findings.join('\n')).toContain('on the grid of the CT');
    },
    20 * MINUTE,
  );

  it(
    'ends an empty case with one helpful line and no output',
    async () => {
      const input = join(folder, 'empty-case');
      await mkdir(input);
      const output = join(folder, 'empty-output');
      await expect(run('platform', input, output)).rejects.toMatchObject({
        code: 'CHECK_FAILED',
        detail: expect.stringMatching(/exit code 3, saying: .*INPUT_IMAGE_MISSING.*Fix: /),
      });
      expect(await readdir(output)).toEqual([]);
    },
    MINUTE,
  );

  it(
    'packs into at most 150 MB besides its weights',
    async () => {
      const archive = join(folder, 'submission_task1.tar.gz');
      const saved = await saveImage(engine!, { image, archive, maxBytes: 2e9 });
      const weights = await sizeOf(resources);
      process.stderr.write(`archive: ${(saved.bytes / 1e6).toFixed(1)} MB, weights included\n`);
      expect(saved.bytes - weights).toBeLessThanOrEqual(150e6);
    },
    5 * MINUTE,
  );
});

async function sizeOf(place: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(place, { recursive: true })) {
    const found = await stat(join(place, name));
    if (found.isFile()) bytes += found.size;
  }
  return bytes;
}
