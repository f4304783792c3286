import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import { expectedPredictions, realDataDir, runProgram, stagePrediction } from '@hecktor/testing';
import type { StagedPrediction } from '@hecktor/testing';

const CASES = expectedPredictions();
const EHR = CASES[0]!.ehr;

/** Runs the program, which must give one boolean and nothing else. */
async function statusOf({ env, output }: StagedPrediction) {
  const { code, stderr, lines } = await runProgram('task3', { env });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(readdirSync(output)).toEqual(['hpv-status.json']);
  const value: unknown = JSON.parse(readFileSync(join(output, 'hpv-status.json'), 'utf8'));
  expect(typeof value).toBe('boolean');
  const told = lines.find(({ msg }) => msg === 'prediction')!;
  return { value: value as boolean, probability: told['probability'] as number, told, lines };
}

/** A run that must fail in order: exit code, one useful last line, nothing written. */
async function refusal(staged: StagedPrediction, code: number, words: readonly string[]) {
  const run = await runProgram('task3', { env: staged.env });
  for (const word of words) expect(run.lastError).toContain(word);
  expect(run.code).toBe(code);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(staged.output)).toEqual([]);
}

const head = { kind: 'class', positive: 1, decide: 'argmax', combine: 'mean-logits' };

describe('the program of task 3 agrees with Python', () => {
  it.each(CASES)('by mean logits, record $name', async (expected) => {
    const { value, probability, told } = await statusOf(stagePrediction('class', expected.ehr));
    expect(probability).toBeCloseTo(expected.class['mean-logits'], 6);
    expect(value).toBe(expected.class['mean-logits'] > 0.5);
    (told['folds'] as number[]).forEach((fold, i) =>
      expect(fold).toBeCloseTo(expected.class.folds[i]!, 6),
    );
  });

  it.each(CASES)('by mean probabilities, record $name', async (expected) => {
    const staged = stagePrediction('class', expected.ehr);
    staged.recipe({ head: { ...head, combine: 'mean-probabilities' } });
    const { probability } = await statusOf(staged);
    expect(probability).toBeCloseTo(expected.class['mean-probabilities'], 6);
  });

  it('with the other class as the positive one', async () => {
    const staged = stagePrediction('class', EHR);
    staged.recipe({ head: { ...head, positive: 0 } });
    const { value, probability } = await statusOf(staged);
    expect(probability).toBeCloseTo(1 - CASES[0]!.class['mean-logits'], 6);
    expect(value).toBe(probability > 0.5);
  });

  it.each([0.9, 0.95])('by the threshold %s', async (threshold) => {
    const staged = stagePrediction('class', EHR);
    staged.recipe({ head: { ...head, decide: { threshold } } });
    expect((await statusOf(staged)).value).toBe(CASES[0]!.class['mean-logits'] >= threshold);
  });

  it('from NIfTI files', async () => {
    const staged = stagePrediction('class', EHR);
    for (const socket of ['ct', 'pet']) {
      const folder = join(staged.input, 'images', socket);
      await writeVolume(join(folder, 'b.nii.gz'), await readVolume(join(folder, 'a.mha')));
      rmSync(join(folder, 'a.mha'));
    }
    expect((await statusOf(staged)).probability).toBeCloseTo(CASES[0]!.class['mean-logits'], 4);
  });
});

describe('the program of task 3', () => {
  it('takes a case without a record as one without values', async () => {
    const staged = stagePrediction('class', EHR);
    rmSync(join(staged.input, 'ehr.json'));
    const { probability } = await statusOf(staged);
    expect(probability).toBeCloseTo(CASES.at(-1)!.class['mean-logits'], 4);
  });

  it('gives the same with one thread as with three', async () => {
    const told = [];
    for (const HECKTOR_THREADS of ['1', '3']) {
      const staged = stagePrediction('class', EHR);
      told.push(
        (await statusOf({ ...staged, env: { ...staged.env, HECKTOR_THREADS } })).told['folds'],
      );
    }
    expect(told[0]).toEqual(told[1]);
  });

  it('refuses a record that is not JSON', async () => {
    const staged = stagePrediction('class', '{"Age": ');
    await refusal(staged, EXIT.input, ['INPUT_JSON_INVALID', 'ehr.json']);
  });

  it('goes on with a broken record where the recipe needs none', async () => {
    const staged = stagePrediction('class', '{"Age": ');
    staged.recipe({
      features: [],
      models: [{ file: 'image.onnx', inputs: { image: 'image' }, output: 'out' }],
    });
    const { lines } = await statusOf(staged);
    expect(JSON.stringify(lines)).toContain('the recipe does not need it');
  });

  it('refuses the recipe of task 2, naming both', async () => {
    const words = ['RECIPE_INVALID', 'head.kind is "icare", task3 takes class'];
    await refusal(stagePrediction('icare', EHR), EXIT.resources, words);
  });

  it('refuses images that it never gets', async () => {
    const staged = stagePrediction('class', EHR);
    const inputs = { 'rt-dose': { absent: 0 } };
    staged.recipe({
      inputs,
      tensor: { channels: ['ct', 'pet', 'rt-dose'], axes: ['z', 'y', 'x'] },
    });
    await refusal(staged, EXIT.resources, ['inputs has "rt-dose", which task3 never gets']);
  });

  it('leaves no answer of an earlier run when it fails', async () => {
    const staged = stagePrediction('class', EHR);
    writeFileSync(join(staged.output, 'hpv-status.json'), 'true');
    rmSync(join(staged.input, 'images/pet'), { recursive: true });
    await refusal(staged, EXIT.input, ['INPUT_IMAGE_MISSING', 'pet']);
  });
});

const real = realDataDir();
(real === undefined ? describe.skip : describe)('the program of task 3 on real images', () => {
  it.each(['STS_002', 'STS_008'])('answers for %s, from NIfTI files', async (patient) => {
    const staged = stagePrediction('class', EHR);
    for (const kind of ['ct', 'pet']) {
      const name = `${kind.toUpperCase()}_image.nii.gz`;
      rmSync(join(staged.input, 'images', kind, 'a.mha'));
      cpSync(join(real!, 'petct', patient, name), join(staged.input, 'images', kind, name));
    }
    const { lines } = await statusOf(staged);
    const prepared = lines.find(({ msg }) => msg === 'images prepared');
    expect(prepared?.['tensor']).toEqual([1, 2, 12, 12, 12]);
  });
});
