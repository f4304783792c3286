import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appAt, buildImage, PROFILES, saveImage, testRun } from '@hecktor/container';
import { openVinoFetched } from '@hecktor/testing';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';

const MINUTE = 60_000;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const app = appAt(root, 'task1');
const image = `hecktor-openvino:${process.pid}`;
/** What OpenVINO may add to an archive. */
const MOST_BYTES = 45e6;

const engine = await engineForTests();
const withBoth = engine !== undefined && openVinoFetched() ? describe : describe.skip;

withBoth('an image whose recipe asks for OpenVINO', () => {
  let folder: string;
  const build = async (tag: string, settings: object) => {
    const resources = join(folder, 'resources');
    // A network of one layer: what is looked at here is the engine around it.
    await cp(
      join(root, 'libs/pipeline/golden/models/threshold.onnx'),
      join(resources, 'model.onnx'),
    );
    const text = await readFile(join(app.root, 'resources/pipeline.json'), 'utf8');
    const recipe = JSON.parse(text) as { inference: object };
    const inference = { ...recipe.inference, roi: [64, 64, 64], ...settings };
    await writeFile(join(resources, 'pipeline.json'), JSON.stringify({ ...recipe, inference }));
    const bundle = join(root, 'dist/apps/task1');
    await buildImage(engine!, {
      ...{ app, tag, resources, bundle, nodeImage: 'node:26-bookworm-slim' },
      context: join(folder, 'context'),
    });
    const archive = join(folder, 'image.tar.gz');
    const { bytes } = await saveImage(engine!, { image: tag, archive, maxBytes: 2e9 });
    return bytes;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openvino-image-'));
  });
  afterAll(async () => {
    await engine!.exec(['image', 'rm', '--force', image, `${image}-without`]);
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'is at most 45 MB larger, and keeps every rule of the test run',
    async () => {
      const without = await build(`${image}-without`, {});
      const bytes = await build(image, { engine: 'openvino', precision: 'bfloat16' });
      process.stderr.write(`OpenVINO: ${((bytes - without) / 1e6).toFixed(1)} MB of the archive\n`);
      expect(bytes - without).toBeLessThanOrEqual(MOST_BYTES);
      const report = await testRun(engine!, {
        ...{ app, image, output: join(folder, 'output'), profile: PROFILES.hecktor25 },
        cases: [{ name: 'case', folder: join(app.root, 'test/input') }],
      });
      const findings = [...report.findings, ...report.cases.flatMap((one) => one.findings)];
      expect(findings.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
      expect(report.passed).toBe(true);
    },
    5 * MINUTE,
  );
});
