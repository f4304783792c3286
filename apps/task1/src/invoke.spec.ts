import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { ballCase, programOf, servedAnswers, serveProgram, useFolder } from '@hecktor/testing';

const APP = fileURLToPath(new URL('..', import.meta.url));
const LIBS = fileURLToPath(new URL('../../../libs/', import.meta.url));
const folder = useFolder();

it('serves patients in any order, and after failures, with the bytes of a fresh run', async () => {
  // The weights of the container in a box of one window.
  const resources = folder.make('one-window');
  cpSync(join(APP, 'resources/model.onnx'), join(resources, 'model.onnx'));
  const recipe = readFileSync(join(APP, 'resources/pipeline.json'), 'utf8');
  folder.put('one-window/pipeline.json', recipe.replaceAll('[100, 100, 155]', '[96, 96, 96]'));
  const { fresh, before, failed, after, ...end } = await servedAnswers('task1', resources);
  const [a, b] = [fresh.a, fresh.b].map(([code, ...answer]) => {
    expect(code).toBe(0);
    return [201, ...answer];
  });
  expect(a).not.toEqual(b);
  expect(before).toEqual([a, b]);
  expect(failed.slice(0, 2)).toEqual([500, {}]);
  expect(after).toEqual([b, a]);
  const [first, second, ...more] = end.stderr.trimEnd().split('\n');
  expect(first).toMatch(/^IMAGE_\w+ .*\. Fix: .*\.$/);
  expect(second).toMatch(/^INTERRUPTED .*\. Fix: .*\.$/);
  expect(more).toEqual([]);
  expect(end.exitCode).toBe(0);
}, 300_000);

// 500 cases: npx nx run bench:task1 --what=invoke
it('does not grow from case to case', async () => {
  const resources = folder.make('resources');
  cpSync(join(LIBS, 'pipeline/golden/models/threshold.onnx'), join(resources, 'model.onnx'));
  const recipe = readFileSync(join(LIBS, 'recipe/recipes/corrected.json'), 'utf8')
    .replaceAll('[200, 200, 310]', '[120, 120, 130]')
    .replaceAll('[128, 128, 128]', '[64, 64, 64]');
  writeFileSync(join(resources, 'pipeline.json'), recipe);
  const { ct, pet } = ballCase();
  for (const [name, volume] of Object.entries({ ct, pet })) {
    mkdirSync(folder.at('case/images', name), { recursive: true });
    await writeVolume(folder.at('case/images', name, 'a.mha'), volume);
  }
  const server = await serveProgram(programOf('task1'), folder.path, {
    HECKTOR_RESOURCES: resources,
    HECKTOR_MODEL_FOLDER: folder.at('none'),
    HECKTOR_THREADS: '2',
  });
  const resident: number[] = [];
  for (let count = 0; count < 24; count++) {
    expect((await server.invoke(folder.at('case'))).status).toBe(201);
    resident.push(server.resident() / 2 ** 20);
  }
  expect(await server.stop()).toBe(0);
  // A case holds 40 MiB, its images and its tensor: 12 cases that left them behind would add up to 480,
  // while the collector's habits alone make a difference of some 60.
  expect(Math.min(...resident.slice(-6)) - Math.min(...resident.slice(6, 12))).toBeLessThan(240);
  const opened = server.lines.filter(({ msg }) => msg === 'model loaded');
  expect(opened).toHaveLength(1);
}, 300_000);
