import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appAt, buildImage, imageFacts, PROFILES, testRun } from '@hecktor/container';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const app = appAt(fileURLToPath(new URL('../../..', import.meta.url)), 'task3');
const image = 'hecktor-task3:invoke-test';

const engine = await engineForTests();
const withEngine = engine === undefined ? describe.skip : describe;

let folder: string;

const run = (input: string, name: string, api?: 'exec', model?: string) =>
  testRun(engine!, {
    ...{ app, image, api, model, profile: PROFILES['grand-challenge'], twice: false },
    ...{ output: join(folder, name), cases: [{ name: 'case', folder: input }] },
  });

withEngine('an image that the platform is to run as a server', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invoke-test-'));
    await buildImage(engine!, {
      ...{ app, tag: image, api: 'invoke', timeLimit: 300 },
      nodeImage: 'node:26-bookworm-slim',
      resources: join(app.root, 'resources'),
      bundle: join(app.workspace, 'dist/apps/task3'),
    });
  }, 5 * MINUTE);

  afterAll(async () => {
    await engine?.exec(['image', 'rm', '--force', image]);
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'is labelled, and answers two cases in one process alike',
    async () => {
      const { labels } = await imageFacts(engine!, image);
      expect(labels['org.grand-challenge.api-method']).toBe('invoke');
      const report = await run(join(app.root, 'test/input'), 'served');
      const [served] = report.cases;
      expect(report).toMatchObject({ passed: true, api: 'invoke', limits: { timeLimit: 300 } });
      expect(served!.runs[0]!.invokes).toHaveLength(2);
      const row = (rule: string) => served!.findings.find((finding) => finding.rule === rule);
      expect(row('invoke')?.observed).toMatch(/^health 200 after .*, invoke 201, invoke 201$/);
      expect(row('network')).toMatchObject({ observed: 'none', verdict: 'kept' });
      expect(row('same-result')).toMatchObject({
        observed: 'byte for byte in one process',
        verdict: 'kept',
      });
      const answer = async (place: string): Promise<unknown> =>
        JSON.parse(await readFile(join(place, 'hpv-status.json'), 'utf8'));
      expect(await answer(join(folder, 'served'))).toBe(
        await answer(join(app.root, 'test/expected')),
      );
    },
    MINUTE,
  );

  it(
    'tells of a case that failed',
    async () => {
      await mkdir(join(folder, 'empty'));
      const report = await run(join(folder, 'empty'), 'failed');
      const broken = report.cases[0]!.findings.filter(({ verdict }) => verdict === 'broken');
      expect(broken.map(({ rule }) => rule)).toEqual(['invoke']);
      expect(broken[0]!.observed).toMatch(/invoke 500, saying: INPUT_IMAGE_MISSING /);
    },
    MINUTE,
  );

  it.each([
    ['as a server', undefined],
    ['run once', 'exec'],
  ] as const)(
    'says that a case got the fallback of the recipe, %s',
    async (name, api) => {
      const [empty, model] = [join(folder, 'empty'), join(folder, 'model')];
      await mkdir(empty, { recursive: true });
      await cp(join(app.root, 'resources'), model, { recursive: true });
      const recipe = join(model, 'pipeline.json');
      const fields = JSON.parse(await readFile(recipe, 'utf8')) as object;
      const fallback = { onFailure: 'fallback', fallback: { value: true } };
      await writeFile(recipe, JSON.stringify({ ...fields, ...fallback }));
      const output = `fallback ${name}`;
      const [done] = (await run(empty, output, api, model)).cases;
      expect(done!.runs[0]!.exitCode).toBe(0);
      expect(done!.findings.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
      const row = done!.findings.find(({ rule }) => rule === 'own-answer');
      expect(row?.verdict).toBe('warning');
      expect(row!.observed).toMatch(/^no: hpv-status is true, because of INPUT_IMAGE_MISSING/);
      expect(await readFile(join(folder, output, 'hpv-status.json'), 'utf8')).toBe('true');
    },
    MINUTE,
  );

  it(
    'still runs once per case, which the platform would not do',
    async () => {
      const report = await run(join(app.root, 'test/input'), 'once', 'exec');
      const broken = [...report.findings, ...report.cases[0]!.findings].filter(
        ({ verdict }) => verdict === 'broken',
      );
      expect(broken.map(({ rule }) => rule)).toEqual(['api']);
    },
    MINUTE,
  );
});
