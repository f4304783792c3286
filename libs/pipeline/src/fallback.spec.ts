import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readTask } from '@hecktor/case-io';
import { HecktorError, type ErrorCode } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import { createLog, readConfig } from '@hecktor/runtime';
import { ballCase, expectGrid, labelDice, useFolder } from '@hecktor/testing';
import { createVolume } from '@hecktor/volume';
import { suvMask } from './fallback-mask.ts';
import { withFallback } from './fallback.ts';

const TASKS = Object.fromEntries(
  ['task1', 'task2', 'task3', 'hecktor26'].map((name) => [
    name,
    readTask(fileURLToPath(new URL(`../../../apps/${name}/task.json`, import.meta.url))),
  ]),
);
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';
const folder = useFolder({ each: true });
// Far below the brain, which reaches 5 SUV, too, and is larger.
const made = ballCase({ lesion: [12, -8, 0] });
let said: Record<string, unknown>[] = [];

beforeEach(async () => {
  said = [];
  for (const name of ['output', 'resources', 'input/images/ct', 'input/images/pet']) {
    folder.make(name);
  }
  await writeVolume(folder.at('input/images/ct/a.mha'), made.ct);
  await writeVolume(folder.at('input/images/pet/a.mha'), made.pet);
});

/** A run of a task that fails with an error, under a recipe with some fields. */
function fail(
  task: string,
  recipe: object,
  error: unknown,
  interrupted?: AbortSignal,
): Promise<void> {
  folder.put('resources/pipeline.json', JSON.stringify(recipe));
  const env = {
    HECKTOR_INPUT: folder.at('input'),
    HECKTOR_OUTPUT: folder.at('output'),
    HECKTOR_RESOURCES: folder.at('resources'),
    HECKTOR_MODEL_FOLDER: folder.at('none'),
  };
  const log = createLog((level, msg, fields) => said.push({ ...fields, level, msg }));
  const program = { config: readConfig(env), env, log, resources: folder.at('resources') };
  return withFallback(TASKS[task]!, program, () => Promise.reject(error), interrupted);
}

const empty = { onFailure: 'fallback', fallback: { mask: 'empty' } };
const late = new HecktorError('TIMEOUT', { detail: 'HECKTOR_TIME_LIMIT_S is 5 s' });

describe('withFallback', () => {
  it.each<[string, unknown, ErrorCode]>([
    ['a late network', late, 'TIMEOUT'],
    ['a worker that crashed', new Error('boom'), 'INTERNAL'],
    ['memory', new RangeError('Array buffer allocation failed'), 'OUT_OF_MEMORY'],
    ['a NaN voxel', new HecktorError('IMAGE_NOT_FINITE'), 'IMAGE_NOT_FINITE'],
    ['a logit that is NaN', new HecktorError('MODEL_OUTPUT_INVALID'), 'MODEL_OUTPUT_INVALID'],
    ['images apart', new HecktorError('IMAGES_DO_NOT_OVERLAP'), 'IMAGES_DO_NOT_OVERLAP'],
    ['a malformed record', new HecktorError('INPUT_JSON_INVALID'), 'INPUT_JSON_INVALID'],
    ['the intake guard', new HecktorError('INPUT_IMPLAUSIBLE'), 'INPUT_IMPLAUSIBLE'],
  ])('writes an empty mask on the grid of the CT after %s', async (_, error, reason) => {
    await fail('task1', empty, error);
    const mask = await readVolume(folder.at('output', MASK));
    expectGrid(mask, made.ct);
    expect(mask.data).toBeInstanceOf(Uint8Array);
    expect((mask.data as Uint8Array).some((label) => label !== 0)).toBe(false);
    expect(said).toEqual([
      {
        ...{ level: 'warn', msg: 'fallback used', code: 'FALLBACK_USED', reason },
        ...{ answer: 'the mask is empty', file: folder.at('output', MASK) },
      },
    ]);
  });

  it('writes what is hot and small in the PET, where the recipe says so', async () => {
    // The lesion has 4.2 mL, the brain 45.
    const mask = { mask: 'suv-threshold', suv: 5, label: 1, maxVolume: 20_000 };
    await fail('task1', { onFailure: 'fallback', fallback: mask }, late);
    const written = await readVolume(folder.at('output', MASK));
    expectGrid(written, made.ct);
    expect(labelDice(written.data as Uint8Array, made.truth.data, 1)).toBeGreaterThan(0.75);
  });

  it('writes an empty mask where the PET cannot be read, and says so', async () => {
    folder.put('input/images/pet/a.mha', 'nothing');
    const mask = { mask: 'suv-threshold', suv: 5, label: 1, maxVolume: 20_000 };
    await fail('task1', { onFailure: 'fallback', fallback: mask }, late);
    const { data } = await readVolume(folder.at('output', MASK));
    expect((data as Uint8Array).some((label) => label !== 0)).toBe(false);
    expect(said[0]).toMatchObject({ answer: expect.stringContaining('IMAGE_UNKNOWN_FORMAT') });
  });

  it('finds the CT where inputs.json is the fault', async () => {
    folder.put('input/inputs.json', '{');
    await fail('task1', empty, new HecktorError('INPUT_JSON_INVALID'));
    expect(existsSync(folder.at('output', MASK))).toBe(true);
  });

  it.each([
    ['task2', 0.25, 'rfs.json', '0.25'],
    ['task3', true, 'hpv-status.json', 'true'],
  ])(
    'writes the value of the recipe for %s, without any image',
    async (task, value, file, text) => {
      folder.put('input/images/ct/a.mha', 'nothing');
      await fail(task, { onFailure: 'fallback', fallback: { value } }, late);
      expect(readFileSync(folder.at('output', file), 'utf8')).toBe(text);
    },
  );

  it('writes each output of a task that has several, a class that is a number as that number', async () => {
    const { outputs, ...task1 } = TASKS['task1']!;
    TASKS['several'] = {
      ...task1,
      recipe: { kind: 'prediction', heads: ['class', 'risk'] },
      outputs: [
        ...outputs,
        { name: 'n-stage', kind: 'class', path: 'n.json', classes: [0, 1, 2] },
        { name: 'rfs', kind: 'number', path: 'rfs.json' },
      ],
    };
    const stands = { [outputs[0]!.name]: { mask: 'empty' }, 'n-stage': '2', rfs: 0.25 };
    await fail('several', { onFailure: 'fallback', fallback: { outputs: stands } }, late);
    expect(existsSync(folder.at('output', MASK))).toBe(true);
    expect(readFileSync(folder.at('output/n.json'), 'utf8')).toBe('2');
    expect(readFileSync(folder.at('output/rfs.json'), 'utf8')).toBe('0.25');
    expect(said[0]).toMatchObject({ answer: 'the mask is empty, n-stage is 2, rfs is 0.25' });
  });

  it('writes each of several outputs its own, or none', async () => {
    const outputs = {
      'head-neck-tumor-segmentation': { mask: 'empty' },
      't-stage': 'T2',
      'n-stage': 'N1',
      rfs: 0.5,
    };
    await fail('hecktor26', { onFailure: 'fallback', fallback: { outputs } }, late);
    for (const [file, text] of [
      ['t-stage.json', '"T2"'],
      ['n-stage.json', '"N1"'],
      ['rfs.json', '0.5'],
    ] as const) {
      expect(readFileSync(folder.at('output', file), 'utf8')).toBe(text);
    }
    const mask = folder.at('output/images/head-neck-tumor-segmentation/output.mha');
    expectGrid(await readVolume(mask), made.ct);
    expect(said[0]).toMatchObject({
      answer: 'the mask is empty, t-stage is T2, n-stage is N1, rfs is 0.5',
    });
    const fallback = { onFailure: 'fallback', fallback: { outputs: { ...outputs, rfs: 'T2' } } };
    rmSync(folder.at('output'), { recursive: true });
    await expect(fail('hecktor26', fallback, late)).rejects.toBe(late);
    expect(existsSync(folder.at('output/t-stage.json'))).toBe(false);
  });

  it.each<[string, object, unknown]>([
    ['the recipe does not want it', { fallback: { mask: 'empty' } }, late],
    ['there is no fallback', { onFailure: 'fallback' }, late],
    ['the recipe is the fault', empty, new HecktorError('RECIPE_INVALID')],
    ['a model is missing', empty, new HecktorError('MODEL_FILE_NOT_FOUND')],
    ['a person stops it', empty, new HecktorError('INTERRUPTED')],
    ['nothing can be written', empty, new HecktorError('OUTPUT_WRITE_FAILED')],
    ['it is for another task', { onFailure: 'fallback', fallback: { value: true } }, late],
  ])('leaves the error where %s', async (_, recipe, error) => {
    await expect(fail('task1', recipe, error)).rejects.toBe(error);
    expect(existsSync(folder.at('output', MASK))).toBe(false);
  });

  it('writes nothing for a case that nobody waits for any more', async () => {
    const gone = new HecktorError('INTERRUPTED');
    await expect(fail('task1', empty, late, AbortSignal.abort(gone))).rejects.toBe(gone);
    expect(existsSync(folder.at('output', MASK))).toBe(false);
    expect(said).toEqual([]);
  });

  it('leaves the error where the CT cannot be read, as there is no grid', async () => {
    folder.put('input/images/ct/a.mha', 'nothing');
    await expect(fail('task1', empty, late)).rejects.toBe(late);
    expect(said).toEqual([
      { level: 'warn', msg: 'the fallback cannot be written', code: 'IMAGE_UNKNOWN_FORMAT' },
    ]);
  });
});

describe('suvMask', () => {
  const suv = { suv: 5, label: 2, maxVolume: 1e9 };

  it('marks the voxels from the SUV on, and nothing outside of the PET or not finite', () => {
    const pet = createVolume(made.pet, made.pet.data.slice());
    const at = pet.data.indexOf(20);
    pet.data.fill(NaN, at, at + 1);
    pet.data.fill(Infinity, at + 1, at + 2);
    const mask = suvMask(pet, pet, suv);
    expect(
      mask.every(
        (label, i) => label === (made.pet.data[i]! >= 5 && i !== at && i !== at + 1 ? 2 : 0),
      ),
    ).toBe(true);
    const away = createVolume({ ...made.ct, origin: [9999, 0, 0] }, made.ct.data);
    expect(suvMask(pet, away, suv).some((label) => label !== 0)).toBe(false);
  });

  it('takes grids of any direction', () => {
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const turned = ballCase({
      lesion: [12, -8, 0],
      direction: Float64Array.of(c, -s, 0, s, c, 0, 0, 0, 1),
    });
    const mask = suvMask(turned.pet, made.ct, { ...suv, label: 1, suv: 15 });
    expect(labelDice(mask, made.truth.data, 1)).toBeGreaterThan(0.75);
  });
});
