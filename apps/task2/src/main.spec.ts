import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import {
  ballCase,
  expectedPredictions,
  realDataDir,
  runProgram,
  stagePrediction,
} from '@hecktor/testing';
import type { StagedPrediction } from '@hecktor/testing';
import { createVolume } from '@hecktor/volume';

const PIPELINE = fileURLToPath(new URL('../../../libs/pipeline/', import.meta.url));
const [COMPLETE] = expectedPredictions();
const EHR = COMPLETE!.ehr;

/** Runs the program, which must give one finite risk and nothing else. */
async function riskOf({ env, output }: StagedPrediction, more: Record<string, string> = {}) {
  const { code, stderr, lines } = await runProgram('task2', { env: { ...env, ...more } });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(readdirSync(output)).toEqual(['rfs.json']);
  const risk: unknown = JSON.parse(readFileSync(join(output, 'rfs.json'), 'utf8'));
  expect(Number.isFinite(risk)).toBe(true);
  return { risk: risk as number, lines };
}

/** A run that must fail in order: exit code, one useful last line, nothing written. */
async function refusal(staged: StagedPrediction, code: number, words: readonly string[]) {
  const run = await runProgram('task2', { env: staged.env });
  for (const word of words) expect(run.lastError).toContain(word);
  expect(run.code).toBe(code);
  expect(run.lastError).toMatch(/^[A-Z_]+ .* Likely cause: .* Fix: .*\.$/);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(staged.output)).toEqual([]);
}

const warnings = (lines: readonly Record<string, unknown>[]): string =>
  JSON.stringify(
    lines.filter(({ level }) => level === 'warn').map(({ msg, warning }) => [msg, warning]),
  );
const messages = (lines: readonly Record<string, unknown>[]): unknown[] =>
  lines.map(({ msg }) => msg);

const made = ballCase();

/** A case with one hot lesion, segmented first; the network is the sum of two features. */
async function segmenting(names: readonly string[], more: object = {}): Promise<StagedPrediction> {
  const staged = stagePrediction('icare', EHR);
  for (const socket of ['ct', 'pet'] as const) {
    await writeVolume(join(staged.input, 'images', socket, 'a.mha'), made[socket]);
  }
  mkdirSync(join(staged.resources, 'segmentation'));
  const recipe = readFileSync(join(PIPELINE, '../recipe/recipes/corrected.json'), 'utf8')
    .replaceAll('[200, 200, 310]', '[120, 120, 130]')
    .replaceAll('[128, 128, 128]', '[64, 64, 64]')
    .replace('model.onnx', 'threshold.onnx');
  writeFileSync(join(staged.resources, 'segmentation/pipeline.json'), recipe);
  const model = join(PIPELINE, 'golden/models/threshold.onnx');
  cpSync(model, join(staged.resources, 'segmentation/threshold.onnx'));
  const usesDose = names.some((of) => of.startsWith('dose.'));
  staged.recipe({
    ...(usesDose && { inputs: { 'rt-dose': { absent: 0 } } }),
    segmentation: { recipe: 'segmentation/pipeline.json' },
    features: names.map((of) => ({ encode: 'number', of, missing: -1, mean: 0, scale: 1 })),
    models: [{ file: 'sum.onnx', inputs: { features: 'clinical' }, output: 'out' }],
    head: { kind: 'risk', higherIs: 'earlier' },
    ...more,
  });
  return staged;
}

describe('the program of task 2 with --dump-tensor', () => {
  const dump = ({ env, output }: StagedPrediction) => {
    const file = join(output, '../tensor.npy');
    return runProgram('task2', { env, args: ['--dump-tensor', file] });
  };

  it('writes the tensor of the images and no answer', async () => {
    const staged = stagePrediction('icare', EHR);
    const { code, lines } = await dump(staged);
    expect(code).toBe(0);
    expect(readdirSync(staged.output)).toEqual([]);
    const bytes = readFileSync(join(staged.output, '../tensor.npy'));
    const { dims } = lines.find(({ msg }) => String(msg).startsWith('tensor written'))! as {
      dims: number[];
    };
    expect(bytes.length).toBe(10 + bytes.readUInt16LE(8) + 4 * dims.reduce((a, b) => a * b));
  });

  it('refuses where no network sees images', async () => {
    const staged = stagePrediction('icare', EHR);
    staged.recipe({
      features: [
        { encode: 'number', of: 'Age', missing: 60, mean: 60, scale: 10 },
        { encode: 'missing-flag', of: 'Age' },
      ],
      models: [{ file: 'sum.onnx', inputs: { features: 'clinical' }, output: 'out' }],
      head: { kind: 'risk', higherIs: 'earlier' },
    });
    const { code, lastError } = await dump(staged);
    expect(lastError).toContain('no network sees any');
    expect(code).toBe(EXIT.usage);
  });
});

describe('the program of task 2 agrees with Python', () => {
  it.each(expectedPredictions())('by survival models, record $name', async (expected) => {
    const { risk, lines } = await riskOf(stagePrediction('icare', expected.ehr));
    expect(risk).toBeCloseTo(expected.icare.median, 6);
    const told = lines.find(({ msg }) => msg === 'prediction')!;
    (told['folds'] as number[]).forEach((fold, i) =>
      expect(fold).toBeCloseTo(expected.icare.folds[i]!, 6),
    );
    expect(messages(lines)).toContain('top contributions');
    expect(lines.at(-1)).toMatchObject({ msg: 'done' });
  });

  it.each(['mean', 'weighted-mean', 'best'] as const)('combined by %s', async (combine) => {
    const staged = stagePrediction('icare', EHR);
    staged.recipe({ head: { kind: 'icare', file: 'survival.json', combine } });
    expect((await riskOf(staged)).risk).toBeCloseTo(COMPLETE!.icare[combine], 6);
  });

  it.each([
    ['all', []],
    ['no-dose', ['rt-dose']],
    ['no-planning', ['ct-planning']],
    ['neither', ['rt-dose', 'ct-planning']],
  ] as const)('by networks that give the risk, further images: %s', async (key, missing) => {
    const staged = stagePrediction('risk', EHR);
    for (const socket of missing) staged.leaveOut(socket);
    const { risk, lines } = await riskOf(staged);
    expect(risk).toBeCloseTo(COMPLETE!.risk[key], 6);
    for (const socket of missing) {
      expect(messages(lines)).toContain(`no ${socket}: the recipe's constant stands in`);
    }
  });

  it('turns the sign by what a higher output means', async () => {
    const staged = stagePrediction('risk', EHR);
    staged.recipe({ head: { kind: 'risk', higherIs: 'earlier', combine: 'weighted-mean' } });
    expect((await riskOf(staged)).risk).toBeCloseTo(-COMPLETE!.risk.all, 6);
  });

  it('from NIfTI files', async () => {
    const staged = stagePrediction('icare', EHR);
    for (const socket of ['ct', 'pet']) {
      const folder = join(staged.input, 'images', socket);
      await writeVolume(join(folder, 'b.nii.gz'), await readVolume(join(folder, 'a.mha')));
      rmSync(join(folder, 'a.mha'));
    }
    expect((await riskOf(staged)).risk).toBeCloseTo(COMPLETE!.icare.median, 4);
  });

  it('with weights that are mounted', async () => {
    const staged = stagePrediction('icare', EHR);
    mkdirSync(staged.modelFolder);
    for (const name of ['fold_0.onnx', 'survival.json']) {
      renameSync(join(staged.resources, name), join(staged.modelFolder, name));
    }
    expect((await riskOf(staged)).risk).toBeCloseTo(COMPLETE!.icare.median, 4);
  });
});

describe('the program of task 2', () => {
  it('takes a case without a record as one without values, and says so', async () => {
    const staged = stagePrediction('icare', EHR);
    rmSync(join(staged.input, 'ehr.json'));
    const { risk, lines } = await riskOf(staged);
    expect(risk).toBeCloseTo(expectedPredictions().at(-1)!.icare.median, 4);
    expect(warnings(lines)).toContain('no clinical record');
  });

  it('warns of what it doubts, without the values', async () => {
    const record = '{"Age": 710, "Gender": "unheard-of", "Shoe size": 43}';
    const { lines } = await riskOf(stagePrediction('icare', record));
    const told = warnings(lines);
    for (const word of ['Age', 'Gender', 'Shoe size']) expect(told).toContain(word);
    for (const value of ['710', 'unheard-of', '43']) expect(told).not.toContain(value);
  });

  it('warns of a dose that does not reach the patient', async () => {
    const staged = stagePrediction('risk', EHR);
    const file = join(staged.input, 'images/rt-dose/a.mha');
    const { data, ...grid } = await readVolume(file);
    await writeVolume(file, createVolume({ ...grid, origin: [900, 0, 0] }, data));
    const { risk, lines } = await riskOf(staged);
    expect(warnings(lines)).toContain('rt-dose lies outside of the CT');
    expect(risk).toBeCloseTo(COMPLETE!.risk['no-dose'], 3);
  });

  it('says that an image is not used', async () => {
    const { lines } = await riskOf(stagePrediction('icare', EHR));
    expect(messages(lines)).toContain('rt-dose is there, but the recipe does not use it');
  });

  it('segments first where the recipe says so, and measures the masks', async () => {
    const staged = await segmenting(['mask.GTVp.volume', 'mask.GTVn.SUVmax']);
    const { risk, lines } = await riskOf(staged);
    const voxel = made.ct.spacing.reduce((product, each) => product * each, 1) / 1000;
    const truth = made.truth.data.reduce((sum, label) => sum + label, 0) * voxel;
    // No lymph node was found: its uptake is missing, which the recipe has as -1.
    expect(Math.abs(risk + 1 - truth) / truth).toBeLessThan(0.2);
    const missing = lines.find(({ msg }) => msg === 'values that do not exist for this case');
    expect(missing?.['features']).toEqual(['mask.GTVn.SUVmax']);
    expect(lines.at(-1)!['windows']).toBeGreaterThan(1);
    expect(Object.keys(lines.at(-1)!['seconds'] as object)).toContain('segmentation inference');
  });

  it('works out the radiomics of the masks', async () => {
    const names = ['GTVp#1', 'GTVn'].map((of) => `radiomics.a.${of}.original_firstorder_Maximum`);
    const setting = { resampledPixelSpacing: [2, 2, 2], interpolator: 'sitkNearestNeighbor' };
    const radiomics = { a: { image: 'pet', params: { setting } } };
    // The lesion has 20; no node was found.
    const { risk, lines } = await riskOf(await segmenting(names, { radiomics }));
    expect(risk).toBeCloseTo(19, 1);
    const missing = lines.find(({ msg }) => msg === 'values that do not exist for this case');
    expect(missing?.['features']).toEqual([names[1]]);
  });

  it('measures the dose in the masks', async () => {
    const staged = await segmenting(['mask.GTVp.SUVmax', 'dose.GTVp.max']);
    // The PET is the dose too: the lesion has 20 of both.
    cpSync(join(staged.input, 'images/pet/a.mha'), join(staged.input, 'images/rt-dose/a.mha'));
    expect((await riskOf(staged)).risk).toBeCloseTo(40, 1);
    staged.leaveOut('rt-dose');
    expect((await riskOf(staged)).risk).toBeCloseTo(19, 1);
  });
});

describe('the program of task 2 refuses', () => {
  it('a case without PET before anything else', async () => {
    const staged = stagePrediction('icare', EHR);
    rmSync(join(staged.input, 'images/pet/a.mha'));
    await refusal(staged, EXIT.input, ['INPUT_IMAGE_MISSING', 'pet']);
  });

  it.each(['rt-dose', 'ct-planning'])('a broken %s, naming it', async (socket) => {
    const staged = stagePrediction('risk', EHR);
    const file = join(staged.input, 'images', socket, 'a.mha');
    writeFileSync(file, readFileSync(file).subarray(0, 400));
    await refusal(staged, EXIT.input, ['IMAGE_', `${socket}/a.mha`]);
  });

  it.each(['rt-dose', 'ct-planning'])('a %s cut short that its recipe ignores', async (socket) => {
    const staged = stagePrediction('icare', EHR);
    const file = join(staged.input, 'images', socket, 'a.mha');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 20));
    await refusal(staged, EXIT.input, ['IMAGE_', `${socket}/a.mha`]);
  });

  it('a missing image that the recipe cannot do without', async () => {
    const staged = stagePrediction('risk', EHR);
    const inputs = { 'ct-planning': { absent: -1000 }, 'rt-dose': { absent: 'error' } };
    staged.recipe({ inputs });
    staged.leaveOut('rt-dose');
    await refusal(staged, EXIT.input, ['INPUT_IMAGE_MISSING', 'no image for rt-dose']);
  });

  it.each(['{"Age": ', '[]', '3', ''])('the clinical record %j', async (text) => {
    await refusal(stagePrediction('icare', text), EXIT.input, ['INPUT_JSON_INVALID', 'ehr.json']);
  });

  it('a broken recipe', async () => {
    const staged = stagePrediction('icare', EHR);
    writeFileSync(join(staged.resources, 'pipeline.json'), '{"kind": "prediction"}');
    await refusal(staged, EXIT.resources, ['RECIPE_INVALID', 'lacks "version"']);
  });

  it('the recipe of task 3, naming both', async () => {
    await refusal(stagePrediction('class', EHR), EXIT.resources, [
      'RECIPE_INVALID',
      'the output "rfs" is a number, but the head gives a boolean',
    ]);
  });

  it('a survival model with other folds than the recipe has networks', async () => {
    const staged = stagePrediction('icare', EHR);
    const models = [
      { file: 'fold_0.onnx', inputs: { image: 'image', features: 'clinical' }, output: 'out' },
    ];
    staged.recipe({ models });
    const words = ['RECIPE_INVALID', 'survival.json', '3 folds, the recipe has 1 models'];
    await refusal(staged, EXIT.resources, words);
  });

  it('a missing survival model', async () => {
    const staged = stagePrediction('icare', EHR);
    rmSync(join(staged.resources, 'survival.json'));
    await refusal(staged, EXIT.resources, ['MODEL_FILE_NOT_FOUND', 'survival.json']);
  });

  it('networks whose output does not fit', async () => {
    const staged = stagePrediction('icare', EHR);
    const entry = (file: string) => ({
      file,
      inputs: { image: 'image', features: 'clinical' },
      output: 'out',
    });
    staged.recipe({ models: ['fold_0', 'class_0', 'fold_2'].map((name) => entry(`${name}.onnx`)) });
    await refusal(staged, EXIT.resources, ['MODEL_MISMATCH', 'class_0.onnx', "'out'"]);
  });

  it('networks whose inputs do not fit', async () => {
    const staged = stagePrediction('risk', EHR);
    staged.recipe({ features: [{ encode: 'missing-flag', of: 'Age' }] });
    await refusal(staged, EXIT.resources, ['MODEL_MISMATCH', 'risk_0.onnx', "'clinical'"]);
  });

  it('what it cannot do, and leaves no answer of an earlier run', async () => {
    const staged = stagePrediction('icare', EHR);
    writeFileSync(join(staged.output, 'rfs.json'), '0.5');
    rmSync(join(staged.input, 'images/ct/a.mha'));
    await refusal(staged, EXIT.input, ['INPUT_IMAGE_MISSING', 'ct']);
  });
});

const real = realDataDir();
(real === undefined ? describe.skip : describe)('the program of task 2 on real images', () => {
  it.each(['STS_002', 'STS_008'])('answers for %s, from NIfTI files', async (patient) => {
    const staged = stagePrediction('icare', EHR);
    for (const kind of ['ct', 'pet']) {
      const name = `${kind.toUpperCase()}_image.nii.gz`;
      rmSync(join(staged.input, 'images', kind, 'a.mha'));
      cpSync(join(real!, 'petct', patient, name), join(staged.input, 'images', kind, name));
    }
    const { lines } = await riskOf(staged);
    const prepared = lines.find(({ msg }) => msg === 'images prepared');
    expect(prepared?.['tensor']).toEqual([1, 2, 12, 12, 12]);
  });
});
