import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { readVolume, writeVolume } from '@hecktor/image-io';
import type { PlanReport } from '@hecktor/inference';
import { ballCase, createRandom, expectGrid, labelDice } from '@hecktor/testing';
import { realDataDir, runProgram } from '@hecktor/testing';
import type { ProgramRun, RunProgramOptions } from '@hecktor/testing';

const PIPELINE = fileURLToPath(new URL('../../../libs/pipeline/', import.meta.url));
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';
const base = mkdtempSync(join(tmpdir(), 'task1-'));
const made = ballCase();
let [work, input, output, resources] = ['', '', '', ''];
let count = 0;
afterAll(() => rmSync(base, { recursive: true }));

beforeAll(async () => {
  mkdirSync(join(base, 'case/images/ct'), { recursive: true });
  mkdirSync(join(base, 'case/images/pet'));
  await writeVolume(join(base, 'case/images/ct/a.mha'), made.ct);
  await writeVolume(join(base, 'case/images/pet/b.nii.gz'), made.pet);
  writeFileSync(join(base, 'case/ehr.json'), '{"Age": 71, "M-stage": "M0",}');
});
beforeEach(() => {
  work = join(base, `run-${count++}`);
  [input, output, resources] = ['input', 'output', 'resources'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  cpSync(join(base, 'case'), input, { recursive: true });
  mkdirSync(output);
  cpSync(join(PIPELINE, 'golden/models'), resources, { recursive: true });
  recipe({});
});

/** Puts the recipe `corrected` with a small box, and some fields replaced, into resources. */
function recipe(fields: Record<string, unknown>, model = 'threshold'): void {
  const text = readFileSync(join(PIPELINE, '../recipe/recipes/corrected.json'), 'utf8')
    .replaceAll('[200, 200, 310]', '[120, 120, 130]')
    .replaceAll('[128, 128, 128]', '[64, 64, 64]')
    .replace('model.onnx', `${model}.onnx`);
  const whole = { ...(JSON.parse(text) as object), ...fields };
  writeFileSync(join(resources, 'pipeline.json'), JSON.stringify(whole));
}

function run(
  env: Record<string, string> = {},
  kill?: RunProgramOptions['kill'],
  args: readonly string[] = [],
): Promise<ProgramRun> {
  return runProgram('task1', {
    env: {
      HECKTOR_INPUT: input,
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: resources,
      HECKTOR_MODEL_FOLDER: join(work, 'model'),
      ...env,
    },
    args,
    ...(kill !== undefined && { kill }),
  });
}

/** A run that must fail in order: exit code, one useful last line, nothing written. */
async function refusal(code: number, words: readonly string[], done: Promise<ProgramRun>) {
  const result = await done;
  for (const word of words) expect(result.lastError).toContain(word);
  expect(result.code).toBe(code);
  expect(result.lastError).toMatch(/^[A-Z_]+ .* Likely cause: .* Fix: .*\.$/);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  if (existsSync(output)) expect(readdirSync(output, { recursive: true })).toEqual([]);
  return result;
}

describe('the program of task 1', () => {
  it('writes one mask on the grid of the CT, where the lesion is', async () => {
    const { code, stderr, lines } = await run();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(readdirSync(output, { recursive: true }).sort()).toEqual(
      ['images', 'images/tumor-lymph-node-segmentation', MASK].sort(),
    );
    const mask = await readVolume(join(output, MASK));
    expect(mask.data).toBeInstanceOf(Uint8Array);
    expectGrid(mask, made.ct);
    expect(labelDice(mask.data as Uint8Array, made.truth.data, 1)).toBeGreaterThan(0.85);
    expect(lines[0]).toMatchObject({ level: 'info', task: 'task1', msg: 'starting' });
    const done = lines.at(-1)!;
    expect(done).toMatchObject({ msg: 'done', files: [join(output, MASK)] });
    expect(done['windows']).toBeGreaterThan(1);
    expect(done['peakMemoryMiB']).toBeGreaterThan(50);
    expect(Object.keys(done['seconds'] as object)).toEqual(
      expect.arrayContaining(['reading', 'preprocessing', 'inference', 'writing', 'total']),
    );
    const told = (words: string) => lines.find(({ msg }) => msg === words);
    expect(told('intensities')).toMatchObject({
      ct: { lowest: -1000, highest: expect.any(Number), everyNth: expect.any(Number) },
      pet: { lowest: expect.any(Number), highest: expect.any(Number), everyNth: 31 },
    });
    expect(told('overlap of CT and PET')).toMatchObject({
      lower: [expect.any(Number), expect.any(Number), expect.any(Number)],
      upper: [expect.any(Number), expect.any(Number), expect.any(Number)],
      ofCt: expect.any(Number),
      ofPet: expect.any(Number),
    });
    const loaded = told('model loaded');
    expect(loaded?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives the same mask with 1, 2, 3 and 4 threads', async () => {
    expect((await run({ HECKTOR_THREADS: '1' })).code).toBe(0);
    const one = readFileSync(join(output, MASK));
    for (const threads of ['2', '3', '4']) {
      expect((await run({ HECKTOR_THREADS: threads })).code).toBe(0);
      expect(readFileSync(join(output, MASK)).equals(one)).toBe(true);
    }
  });

  it('prefers weights that are mounted', async () => {
    mkdirSync(join(work, 'model'));
    renameSync(join(resources, 'threshold.onnx'), join(work, 'model/threshold.onnx'));
    expect((await run()).code).toBe(0);
  });

  it.each([
    ['absent', undefined, 'no clinical record'],
    ['broken', '{"Age": ', 'cannot be read'],
    ['a list', '[]', 'cannot be read'],
    ['tolerable', '{"Age": NaN}', 'clinical record'],
  ])('warns and goes on when the clinical record is %s', async (_, text, words) => {
    if (text === undefined) rmSync(join(input, 'ehr.json'));
    else writeFileSync(join(input, 'ehr.json'), text);
    const { code, lines } = await run();
    expect(code).toBe(0);
    const warning = lines.find((line) => line['level'] === 'warn');
    expect(warning?.['msg']).toContain(words);
  });

  it('follows inputs.json', async () => {
    renameSync(join(input, 'images/ct'), join(input, 'images/scan'));
    const socket = { slug: 'ct-image', relative_path: 'images/scan' };
    writeFileSync(join(input, 'inputs.json'), JSON.stringify([{ socket }]));
    expect((await run()).code).toBe(0);
  });
});

describe('the program of task 1 with --dump-tensor', () => {
  it('writes what the network would see as NumPy reads it, and no mask', async () => {
    const file = join(work, 'seen/tensor.npy');
    const { code, stderr, lines } = await run({}, undefined, ['--dump-tensor', file]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(readdirSync(output)).toEqual([]);
    expect(readdirSync(join(work, 'seen'))).toEqual(['tensor.npy']);
    expect(lines.some(({ msg }) => msg === 'model loaded')).toBe(false);
    expect(lines.at(-1)).toMatchObject({ msg: 'done', files: [file] });
    const bytes = readFileSync(file);
    expect(bytes.toString('latin1', 1, 6)).toBe('NUMPY');
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(bytes.toString('latin1', 10, start).trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 120, 120, 130,), }",
    );
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start));
    expect(values).toHaveLength(2 * 120 * 120 * 130);
    // The recipe scales the CT to -6 to 6; air is its lowest value.
    const ct = values.subarray(0, values.length / 2);
    expect(ct.reduce((low, value) => Math.min(low, value))).toBe(-6);
  });

  it('leaves the mask of an earlier run alone', async () => {
    mkdirSync(join(output, MASK, '..'), { recursive: true });
    writeFileSync(join(output, MASK), 'of an earlier run');
    await run({}, undefined, ['--dump-tensor', join(work, 'tensor.npy')]);
    expect(readFileSync(join(output, MASK), 'utf8')).toBe('of an earlier run');
  });

  it('refuses a path that cannot be written before it reads the case', async () => {
    writeFileSync(join(work, 'file'), '');
    const args = ['--dump-tensor', join(work, 'file/tensor.npy')];
    const words = ['OUTPUT_WRITE_FAILED', 'file'];
    const { lines } = await refusal(EXIT.system, words, run({}, undefined, args));
    expect(lines.some(({ msg }) => msg === 'read ct')).toBe(false);
  });

  it('refuses an argument that it does not know', () =>
    refusal(
      EXIT.usage,
      ['OPTION_INVALID', '--dump-tensr'],
      run({}, undefined, ['--dump-tensr', 'a']),
    ));
});

describe('the program of task 1 refuses', () => {
  it('a missing input folder', () =>
    refusal(EXIT.input, ['INPUT_FOLDER_MISSING'], run({ HECKTOR_INPUT: join(work, 'none') })));

  it('a missing CT', () => {
    rmSync(join(input, 'images/ct/a.mha'));
    return refusal(EXIT.input, ['INPUT_IMAGE_MISSING', 'ct', 'the folder is empty'], run());
  });

  it('a missing PET folder', () => {
    rmSync(join(input, 'images/pet'), { recursive: true });
    return refusal(EXIT.input, ['INPUT_IMAGE_MISSING', 'pet', 'does not exist'], run());
  });

  it('two CTs, naming both', () => {
    cpSync(join(input, 'images/ct/a.mha'), join(input, 'images/ct/b.mha'));
    return refusal(EXIT.input, ['INPUT_IMAGE_AMBIGUOUS', '"a.mha", "b.mha"'], run());
  });

  it('a Git LFS pointer', () => {
    writeFileSync(
      join(input, 'images/ct/a.mha'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n',
    );
    return refusal(EXIT.input, ['IMAGE_LFS_POINTER', 'a.mha', 'git lfs pull'], run());
  });

  it('a truncated image', () => {
    const file = join(input, 'images/ct/a.mha');
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    return refusal(EXIT.input, ['IMAGE_', 'a.mha'], run());
  });

  it('a PET of another place', async () => {
    rmSync(join(input, 'images/pet/b.nii.gz'));
    const { pet } = ballCase({ petShift: [0, 0, 900] });
    await writeVolume(join(input, 'images/pet/b.mha'), pet);
    await refusal(EXIT.input, ['IMAGES_DO_NOT_OVERLAP'], run());
  });

  it('inputs.json that leads out of the folder', () => {
    const socket = { slug: 'ct-image', relative_path: '../case' };
    writeFileSync(join(input, 'inputs.json'), JSON.stringify([{ socket }]));
    return refusal(EXIT.input, ['INPUT_PATH_UNSAFE', '../case'], run());
  });

  it('a missing recipe', () => {
    rmSync(join(resources, 'pipeline.json'));
    return refusal(EXIT.resources, ['RECIPE_MISSING', 'pipeline.json'], run());
  });

  it.each(['HECKTOR_RESOURCES', 'HECKTOR_MODEL_FOLDER'])('a file as %s', (setting) => {
    const file = join(work, 'a-file');
    writeFileSync(file, '');
    const words = ['CONFIG_INVALID', `${setting} is not a folder`, file];
    return refusal(EXIT.usage, words, run({ [setting]: file }));
  });

  it('a misspelt recipe', () => {
    recipe({ modles: [] });
    const words = ['RECIPE_INVALID', 'unknown key "modles" (did you mean "models"?)'];
    return refusal(EXIT.resources, words, run());
  });

  it('a missing model', () => {
    rmSync(join(resources, 'threshold.onnx'));
    const words = ['MODEL_FILE_NOT_FOUND', 'Model file not found', 'threshold.onnx'];
    return refusal(EXIT.resources, words, run());
  });

  it('a damaged model', () => {
    writeFileSync(join(resources, 'threshold.onnx'), 'not a network');
    return refusal(EXIT.resources, ['MODEL_INVALID', 'threshold.onnx'], run());
  });

  it('a model that gives NaN', () => {
    recipe({}, 'not-a-number');
    return refusal(EXIT.resources, ['MODEL_OUTPUT_INVALID'], run());
  });

  it('an output folder that cannot be made', () => {
    writeFileSync(join(work, 'file'), '');
    const env = { HECKTOR_OUTPUT: join(work, 'file/output') };
    return refusal(EXIT.system, ['OUTPUT_WRITE_FAILED', 'file/output'], run(env));
  });

  it('a broken case, and leaves no mask of an earlier run', async () => {
    mkdirSync(join(output, 'images/tumor-lymph-node-segmentation'), { recursive: true });
    writeFileSync(join(output, MASK), 'of an earlier run');
    rmSync(join(input, 'images/ct/a.mha'));
    expect((await run()).lastError).toContain('INPUT_IMAGE_MISSING');
    expect(existsSync(join(output, MASK))).toBe(false);
  });

  it('an output whose place is taken by a folder', async () => {
    mkdirSync(join(output, MASK, 'kept'), { recursive: true });
    const { code, lastError } = await run();
    expect(code).toBe(EXIT.system);
    expect(lastError).toContain('OUTPUT_WRITE_FAILED');
    expect(readdirSync(join(output, MASK, '..'))).toEqual(['output.mha']);
  });

  it('a setting that is no number', () =>
    refusal(EXIT.usage, ['CONFIG_INVALID', 'HECKTOR_THREADS'], run({ HECKTOR_THREADS: 'all' })));
});

describe('the program of task 1 is stopped', () => {
  /** Windows that overlap so much that inference takes minutes. */
  const slow = () => {
    const inference = { roi: [64, 64, 64], overlap: 0.95, blend: 'constant' };
    recipe({ inference });
  };

  it('by its deadline, leaving nothing', async () => {
    slow();
    const done = run({ HECKTOR_TIME_LIMIT_S: '5', HECKTOR_PLAN: 'all' });
    await refusal(EXIT.limit, ['TIMEOUT', 'HECKTOR_TIME_LIMIT_S is 5 s'], done);
  });

  it('by its deadline, with the best answer that fits, unless all is asked for', async () => {
    slow();
    const { code, stderr, lines } = await run({ HECKTOR_TIME_LIMIT_S: '30' });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const mask = await readVolume(join(output, MASK));
    expectGrid(mask, made.ct);
    expect(labelDice(mask.data as Uint8Array, made.truth.data, 1)).toBeGreaterThan(0.8);
    const plans = lines.filter(({ msg }) => msg === 'plan').map(({ plan }) => plan as PlanReport);
    expect(plans[0]).toMatchObject({ state: 'planned', part: 'segmentation', mode: 'auto' });
    expect(plans.at(-1)!.dropped.length).toBeGreaterThan(0);
    const warnings = lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
    expect(warnings.join()).toMatch(/did not suffice|best answer so far/);
  });

  it('by SIGKILL at any moment, leaving nothing or a whole mask', async () => {
    const began = Date.now();
    expect((await run()).code).toBe(0);
    const whole = readFileSync(join(output, MASK));
    const ms = Date.now() - began;
    const random = createRandom(2025);
    const moments = Array.from({ length: 7 }, () => random.between(0, 1.1 * ms));
    const kills = [...moments, 'plan'].map((at) => ({ at, signal: 'SIGKILL' as const }));
    for (const kill of kills) {
      rmSync(output, { recursive: true });
      mkdirSync(output);
      const { code } = await run({}, kill);
      const isWritten = existsSync(join(output, MASK));
      if (isWritten) expect(readFileSync(join(output, MASK)).equals(whole)).toBe(true);
      if (code === 0) expect(isWritten).toBe(true);
    }
  }, 300_000);

  it('after its plan, if that is all that is wanted', async () => {
    slow();
    const { code, lines } = await run({}, undefined, ['--plan']);
    expect(code).toBe(0);
    const plans = lines.filter(({ msg }) => msg === 'plan').map(({ plan }) => plan as PlanReport);
    expect(plans).toHaveLength(1);
    expect(plans[0]!.passes.done).toBe(3);
    expect(plans[0]!.passes.of).toBeGreaterThan(100);
    expect(readdirSync(output)).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'by %s, leaving nothing',
    async (signal) => {
      slow();
      const kill = { at: 'plan', signal };
      const env = { HECKTOR_TIME_LIMIT_S: '86400' };
      await refusal(EXIT.limit, ['INTERRUPTED', signal], run(env, kill));
    },
  );

  it('and shows stacks only when debugging', async () => {
    rmSync(join(resources, 'threshold.onnx'));
    const { stderr, lastError, code } = await run({ DEBUG: '1' });
    expect(code).toBe(EXIT.resources);
    expect(stderr).toMatch(/^\s+at /m);
    expect(lastError).toMatch(/^MODEL_FILE_NOT_FOUND .*\.$/);
  });
});

const real = realDataDir();
(real === undefined ? describe.skip : describe)('the program of task 1 on real images', () => {
  it.each(['STS_002', 'STS_008'])('segments %s exactly on the grid of its CT', async (patient) => {
    const folder = join(real!, 'petct', patient);
    rmSync(join(input, 'images'), { recursive: true });
    for (const kind of ['ct', 'pet']) {
      mkdirSync(join(input, 'images', kind), { recursive: true });
      const name = `${kind.toUpperCase()}_image.nii.gz`;
      cpSync(join(folder, name), join(input, 'images', kind, name));
    }
    const { code, stderr } = await run();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const ct = await readVolume(join(folder, 'CT_image.nii.gz'));
    const mask = await readVolume(join(output, MASK));
    expectGrid(mask, ct, 0);
    expect(new Set(mask.data as Uint8Array)).toEqual(new Set([0, 1]));
  });
});
