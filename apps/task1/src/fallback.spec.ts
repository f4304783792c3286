import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import { ballCase, digestsIn, expectGrid, programOf } from '@hecktor/testing';
import { runProgram, serveProgram, useFolder } from '@hecktor/testing';

const PIPELINE = fileURLToPath(new URL('../../../libs/pipeline/', import.meta.url));
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';
/** A network that takes minutes. */
const LATE = { inference: { roi: [64, 64, 64], overlap: 0.95, blend: 'constant' } };
const folder = useFolder({ each: true });
const made = ballCase();

beforeEach(async () => {
  for (const name of ['output', 'input/images/ct', 'input/images/pet']) folder.make(name);
  await writeVolume(folder.at('input/images/ct/a.mha'), made.ct);
  await writeVolume(folder.at('input/images/pet/b.mha'), made.pet);
  cpSync(join(PIPELINE, 'golden/models'), folder.at('resources'), { recursive: true });
});

const env = () => ({
  HECKTOR_RESOURCES: folder.at('resources'),
  HECKTOR_MODEL_FOLDER: folder.at('none'),
});

/** Puts the recipe `corrected` there, with a small box, a fallback and some fields replaced. */
function putRecipe(fields: object): void {
  const text = readFileSync(join(PIPELINE, '../recipe/recipes/corrected.json'), 'utf8')
    .replaceAll('[200, 200, 310]', '[120, 120, 130]')
    .replaceAll('[128, 128, 128]', '[64, 64, 64]')
    .replace('model.onnx', 'threshold.onnx');
  const fallback = { onFailure: 'fallback', fallback: { mask: 'empty' } };
  const recipe = { ...(JSON.parse(text) as object), ...fallback, ...fields };
  writeFileSync(folder.at('resources/pipeline.json'), JSON.stringify(recipe));
}

/** Runs the program by that recipe. */
function run(fields: object = {}, more: Record<string, string> = {}) {
  putRecipe(fields);
  const folders = { HECKTOR_INPUT: folder.at('input'), HECKTOR_OUTPUT: folder.at('output') };
  return runProgram('task1', { env: { ...folders, ...env(), ...more } });
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
  await fallsBack('TIMEOUT', run(LATE, { HECKTOR_TIME_LIMIT_S: '5', HECKTOR_PLAN: 'all' }));
});

it('goes on to the next case as a server, with the bytes of a fresh run', async () => {
  const good = folder.at('input');
  const broken = folder.at('broken');
  cpSync(good, broken, { recursive: true });
  const data = made.pet.data.slice();
  data[data.length >> 1] = NaN;
  await writeVolume(join(broken, 'images/pet/b.mha'), { ...made.pet, data });
  expect((await run()).code).toBe(0);
  const fresh = digestsIn(folder.at('output'));
  const limits = { HECKTOR_TIME_LIMIT_S: '15', HECKTOR_PLAN: 'all' };
  const server = await serveProgram(programOf('task1'), folder.path, { ...env(), ...limits });
  const served = { status: 201, outputs: fresh };
  try {
    expect(await server.invoke(good)).toEqual(served);
    const { status, outputs: empty } = await server.invoke(broken);
    expect(status).toBe(201);
    const mask = await readVolume(folder.at('served-output', MASK));
    expectGrid(mask, made.ct);
    expect((mask.data as Uint8Array).some((label) => label !== 0)).toBe(false);
    expect(await server.invoke(good)).toEqual(served);
    // A recipe is read for each case, so it can make one late.
    putRecipe(LATE);
    expect(await server.invoke(good)).toEqual({ status: 201, outputs: empty });
    putRecipe({});
    expect(await server.invoke(good)).toEqual(served);
    const used = server.lines.filter(({ msg }) => msg === 'fallback used');
    expect(used.map(({ reason }) => reason)).toEqual(['IMAGE_NOT_FINITE', 'TIMEOUT']);
    expect(server.stderr()).toMatch(
      /^FALLBACK_USED .*IMAGE_NOT_FINITE.*\nFALLBACK_USED .*TIMEOUT.*\n$/,
    );
  } finally {
    expect(await server.stop()).toBe(0);
  }
}, 240_000);

it('does not answer without its CT', async () => {
  rmSync(folder.at('input/images/ct/a.mha'));
  const { code, lastError } = await run();
  expect(lastError).toMatch(/^INPUT_IMAGE_MISSING .*ct/);
  expect(code).toBe(EXIT.input);
});
