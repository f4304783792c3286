import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildImage,
  imageFacts,
  LAYOUTS,
  limitsOf,
  PROFILES,
  runArgs,
  saveImage,
  appAt,
  testRun,
  type Finding,
  type LayoutName,
} from '@hecktor/container';
import { TASKS } from '@hecktor/container/testing';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const app = appAt(fileURLToPath(new URL('../../..', import.meta.url)), 'task1');
const resources = join(app.root, 'resources');
const phantom = join(app.root, 'test/input');
const image = 'hecktor-task1:container-test';

const engine = await engineForTests();
const withEngine = engine === undefined ? describe.skip : describe;

let folder: string;

const build = (tag: string, timeLimit = 900) =>
  buildImage(engine!, {
    ...{ app, tag, resources, timeLimit },
    nodeImage: 'node:26-bookworm-slim',
    bundle: join(app.workspace, 'dist/apps/task1'),
  });

/** Runs the image once under the document's rules. */
async function run(layout: LayoutName, input: string, output = join(folder, layout)) {
  const report = await testRun(engine!, {
    ...{ app, image, layout, output, profile: PROFILES.hecktor25, twice: false },
    cases: [{ name: 'case', folder: input }],
    expected: input === phantom ? join(app.root, 'test/expected') : undefined,
  });
  return { report, ...report.cases[0]! };
}

const broken = (rows: readonly Finding[]) => rows.filter(({ verdict }) => verdict === 'broken');
const rowOf = (rows: readonly Finding[], wanted: string) =>
  rows.find(({ rule, title }) => rule === wanted || title.includes(wanted))?.observed;

withEngine('the image of task 1', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'container-test-'));
    await build(image);
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
      'hecktor.time-limit-s': '900',
      'hecktor.recipe': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'hecktor.models': expect.stringMatching(/\.onnx=sha256:[0-9a-f]{64}/),
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}/),
    });
  });

  it('gets no network, no writable root, no capabilities and 16 GB without swap', async () => {
    const container = `hecktor-inspected-${process.pid}`;
    const args = runArgs({
      ...{ image, container, layout: LAYOUTS.platform, input: phantom, output: folder },
      ...{ limits: limitsOf(PROFILES['grand-challenge'], TASKS.task1), env: {} },
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
        PidsLimit: 512,
        Ulimits: expect.arrayContaining([
          { Name: 'data', Soft: 15 * 2 ** 30, Hard: 15 * 2 ** 30 },
          { Name: 'nofile', Soft: 1024, Hard: 1024 },
        ]),
        Privileged: false,
      });
    } finally {
      await engine!.exec(['rm', '--force', container]);
    }
  });

  it(
    'ends by itself, in words, at the time limit that it was built for',
    async () => {
      const hurried = `${image}-hurried`;
      await build(hurried, 1);
      try {
        const report = await testRun(engine!, {
          ...{ app, image: hurried, output: join(folder, 'hurried'), twice: false },
          ...{ profile: PROFILES.hecktor25, cases: [{ name: 'case', folder: phantom }] },
        });
        const [row] = report.cases.flatMap(({ findings }) => broken(findings));
        expect(row).toMatchObject({ rule: 'exit', observed: expect.stringMatching(/TIMEOUT/) });
        expect(report.cases[0]!.symptom?.code).toBe('TIMEOUT');
        expect(report.findings.find(({ rule }) => rule === 'time-limit')).toMatchObject({
          verdict: 'warning',
          observed: 'the image was built for 1 s and gives up then, though it may take 900 s',
        });
      } finally {
        await engine!.exec(['image', 'rm', '--force', hurried]);
      }
    },
    5 * MINUTE,
  );

  it(
    'ends an empty case with one helpful line and no output',
    async () => {
      const input = join(folder, 'empty-case');
      await mkdir(input);
      const output = join(folder, 'empty-output');
      const { report, findings, symptom } = await run('platform', input, output);
      expect(report.passed).toBe(false);
      expect(broken(findings).map(({ rule }) => rule)).toEqual(['exit']);
      expect(rowOf(findings, 'exit')).toMatch(/^3, saying: INPUT_IMAGE_MISSING /);
      // The file is named as the person knows it, not as the container does.
      expect(rowOf(findings, 'exit')).toContain(join(input, 'images/ct'));
      expect(rowOf(findings, 'last-line')).toContain('INPUT_IMAGE_MISSING');
      expect(symptom?.code).toBe('INPUT_IMAGE_MISSING');
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
