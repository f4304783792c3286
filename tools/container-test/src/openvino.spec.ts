import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appAt, buildImage, PROFILES, testRun } from '@hecktor/container';
import { openVinoFetched } from '@hecktor/testing';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const app = appAt(root, 'task1');
const image = `hecktor-openvino:${process.pid}`;

const engine = await engineForTests();
const withBoth = engine !== undefined && openVinoFetched() ? describe : describe.skip;

withBoth('an image whose recipe asks for OpenVINO', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openvino-image-'));
    const resources = join(folder, 'resources');
    // A network of one layer: what is looked at here is the engine around it.
    await cp(
      join(root, 'libs/pipeline/golden/models/threshold.onnx'),
      join(resources, 'model.onnx'),
    );
    const text = await readFile(join(app.root, 'resources/pipeline.json'), 'utf8');
    const recipe = JSON.parse(text) as { inference: object };
    const settings = { roi: [64, 64, 64], engine: 'openvino', precision: 'bfloat16' };
    const inference = { ...recipe.inference, ...settings };
    await writeFile(join(resources, 'pipeline.json'), JSON.stringify({ ...recipe, inference }));
    await buildImage(engine!, {
      ...{ app, tag: image, resources, bundle: join(root, 'dist/apps/task1') },
      ...{ nodeImage: 'node:26-bookworm-slim', context: join(folder, 'context') },
    });
  }, 5 * MINUTE);

  afterAll(async () => {
    await engine!.exec(['image', 'rm', '--force', image]);
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'is at most 45 MB larger',
    async () => {
      const packages = join(folder, 'context/runtime/node_modules');
      const args = ['-C', packages, '-c', '.openvino', 'koffi', '@koromix'];
      const { stdout } = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let bytes = 0;
      for await (const chunk of stdout.pipe(createGzip())) bytes += (chunk as Buffer).length;
      process.stderr.write(`OpenVINO: ${(bytes / 1e6).toFixed(1)} MB compressed\n`);
      expect(bytes).toBeGreaterThan(10e6);
      expect(bytes).toBeLessThanOrEqual(45e6);
    },
    MINUTE,
  );

  it(
    'runs a case and keeps every rule',
    async () => {
      const report = await testRun(engine!, {
        ...{ app, image, output: join(folder, 'output'), profile: PROFILES.hecktor25 },
        ...{ twice: false, cases: [{ name: 'case', folder: join(app.root, 'test/input') }] },
      });
      const findings = [...report.findings, ...report.cases.flatMap((one) => one.findings)];
      expect(findings.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
      expect(report.passed).toBe(true);
    },
    4 * MINUTE,
  );
});
