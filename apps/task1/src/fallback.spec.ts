import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import { ballCase, expectGrid, runProgram, useFolder } from '@hecktor/testing';

const PIPELINE = fileURLToPath(new URL('../../../libs/pipeline/', import.meta.url));
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';
const folder = useFolder({ each: true });
const made = ballCase();

beforeEach(async () => {
  for (const name of ['output', 'input/images/ct', 'input/images/pet']) folder.make(name);
  await writeVolume(folder.at('input/images/ct/a.mha'), made.ct);
  await writeVolume(folder.at('input/images/pet/b.mha'), made.pet);
  cpSync(join(PIPELINE, 'golden/models'), folder.at('resources'), { recursive: true });
});

/** Runs the program by the recipe `corrected` with a small box, a fallback and some fields replaced. */
function run(fields: object = {}, env: Record<string, string> = {}) {
  const text = readFileSync(join(PIPELINE, '../recipe/recipes/corrected.json'), 'utf8')
    .replaceAll('[200, 200, 310]', '[120, 120, 130]')
    .replaceAll('[128, 128, 128]', '[64, 64, 64]')
    .replace('model.onnx', 'threshold.onnx');
  const fallback = { onFailure: 'fallback', fallback: { mask: 'empty' } };
  const recipe = { ...(JSON.parse(text) as object), ...fallback, ...fields };
  writeFileSync(folder.at('resources/pipeline.json'), JSON.stringify(recipe));
  return runProgram('task1', {
    env: {
      HECKTOR_INPUT: folder.at('input'),
      HECKTOR_OUTPUT: folder.at('output'),
      HECKTOR_RESOURCES: folder.at('resources'),
      HECKTOR_MODEL_FOLDER: folder.at('none'),
      ...env,
    },
  });
}

/** A run that must end well with an empty mask, and with a last line that says why. */
async function fallsBack(reason: string, done: ReturnType<typeof run>): Promise<void> {
  const { code, lastError, lines } = await done;
  expect(lastError).toMatch(/^FALLBACK_USED .*the mask is empty, because of .* Fix: .*\.$/);
  expect(lastError).toContain(`because of ${reason}`);
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({ level: 'warn', msg: 'fallback used', reason });
  const mask = await readVolume(folder.at('output', MASK));
  expectGrid(mask, made.ct);
  expect((mask.data as Uint8Array).some((label) => label !== 0)).toBe(false);
}

it('answers a case with a NaN voxel', async () => {
  const data = made.pet.data.slice();
  data[data.length >> 1] = NaN;
  await writeVolume(folder.at('input/images/pet/b.mha'), { ...made.pet, data });
  await fallsBack('IMAGE_NOT_FINITE', run());
});

it('answers a case without its PET', async () => {
  rmSync(folder.at('input/images/pet'), { recursive: true });
  await fallsBack('INPUT_IMAGE_MISSING', run());
});

it('answers a case whose images lie apart', async () => {
  const { pet } = ballCase({ petShift: [0, 0, 900] });
  await writeVolume(folder.at('input/images/pet/b.mha'), pet);
  await fallsBack('IMAGES_DO_NOT_OVERLAP', run());
});

it('answers a case that the intake refuses', async () => {
  await writeVolume(folder.at('input/images/pet/b.mha'), made.ct);
  await fallsBack('INPUT_IMPLAUSIBLE', run({ intake: { modalities: 'error' } }));
});

it('answers in time although the network is late', async () => {
  const inference = { roi: [64, 64, 64], overlap: 0.95, blend: 'constant' };
  const env = { HECKTOR_TIME_LIMIT_S: '5', HECKTOR_PLAN: 'all' };
  await fallsBack('TIMEOUT', run({ inference }, env));
});

it('does not answer without its CT', async () => {
  rmSync(folder.at('input/images/ct/a.mha'));
  const { code, lastError } = await run();
  expect(lastError).toMatch(/^INPUT_IMAGE_MISSING .*ct/);
  expect(code).toBe(EXIT.input);
});
