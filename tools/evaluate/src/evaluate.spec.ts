import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readCases, readSummary } from '@hecktor/cohort';
import { bundleWorker } from '@hecktor/testing';
import { scorerOf } from './evaluate.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import {
  hpvCohort,
  labelCohort,
  makeCohort,
  newFolder,
  survivalCohort,
} from './fixtures/make-cohort.ts';
import { readOptions } from './options.ts';
import { readScoredTasks } from './tasks.ts';
import { readTruth } from './truth.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FAKE = fileURLToPath(new URL('./fixtures/fake-program.mjs', import.meta.url));
let main = '';
beforeAll(async () => {
  main = fileURLToPath(await bundleWorker(new URL('./main.ts', import.meta.url)));
});
const TASK2 = readScoredTasks(join(ROOT, 'apps')).get('task2')!;

function run(task: string, data: string, ...more: string[]) {
  const out = newFolder();
  const options = ['--task', task, '--data', data, '--program', FAKE, '--out', out, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return {
    ...{ status, stdout, stderr, out },
    summary: () => readSummary(join(out, 'summary.json')),
    rows: () => readCases(join(out, 'cases.csv')),
  };
}

/** Resources of a recipe with this head. */
function resources(head: object): string {
  const folder = newFolder();
  const recipe = {
    ...{ version: 1, kind: 'prediction', name: 'fake', preprocessing: [], head },
    tensor: { channels: ['ct'], axes: ['z', 'y', 'x'] },
    models: [{ file: 'model.onnx', inputs: { image: 'image' }, output: 'risk' }],
  };
  writeFileSync(join(folder, 'pipeline.json'), JSON.stringify(recipe));
  writeFileSync(join(folder, 'model.onnx'), '');
  return folder;
}

describe('evaluating task 2', () => {
  it('gives the C-index of known risks, with an interval', () => {
    const { status, stdout, stderr, summary, rows } = run('task2', survivalCohort(1));
    // A slow machine tells what is left in between.
    expect(stderr).toMatch(/^(\d of 10 cases.*\n)*10 of 10 cases\n$/);
    expect(stdout).toMatch(/C-index +1\.000 \(95 % 1\.000 to 1\.000\)\n/);
    expect(summary().scores).toMatchObject([{ name: 'C-index', value: 1, ranks: 'task2' }]);
    expect(rows()[1]).toMatchObject({ id: 'P-1', centre: 'P', status: 'scored' });
    expect(rows()[1]!.survival).toEqual({ time: 910, event: true, risk: 53 });
    expect(status).toBe(0);
  });

  it('catches a head whose direction is inverted', () => {
    const data = survivalCohort(-1);
    const head = { kind: 'risk', higherIs: 'earlier' };
    const options = ['--check-direction', '--resources', resources(head)];
    const { status, stdout, stderr } = run('task2', data, ...options);
    expect(stdout).toContain('WARNING: the direction is inverted: C-index 0.000');
    expect(stderr).toContain('DIRECTION_INVERTED');
    expect(stderr).toContain('set head.higherIs to "later" (it is "earlier")');
    expect(status).toBe(8);
  });

  it('says what to do where the survival models are inverted', () => {
    const inverted = resources({ kind: 'icare', file: 'survival.json' });
    const check = (factor: 1 | -1) => {
      const data = survivalCohort(factor);
      const pred = join(run('task2', data).out, 'predictions');
      const options = ['--check-direction', '--resources', inverted, '--pred', pred];
      return run('task2', data, ...options);
    };
    expect(check(-1).stderr).toContain('survival.json');
    expect(check(1).stdout).toContain('direction: as it should be');
    expect(check(1).status).toBe(0);
  });

  it('runs the program on the data and scores it by a truth that lies elsewhere', () => {
    const outcomes = ['P-1,1,100', 'P-5,1,50', 'P-9,0,300'];
    const truth = join(newFolder(), 'truth.csv');
    writeFileSync(truth, ['PatientID,Relapse,RFS', ...outcomes].join('\n'));
    const { status, rows } = run('task2', survivalCohort(1), '--truth', truth);
    expect(rows().map(({ survival }) => survival)).toEqual([
      { time: 100, event: true, risk: 53 },
      { time: 50, event: true, risk: 65 },
      { time: 300, event: false, risk: 77 },
    ]);
    expect(status).toBe(0);
  });

  it('counts cases that fail as asked and ends with an error unless told otherwise', () => {
    const data = survivalCohort(1, ['broken', 'silent']);
    const { status, stderr, stdout, out, rows, summary } = run('task2', data);
    expect(status).toBe(1);
    expect(stderr).toContain('broken failed: IMAGE_TRUNCATED [ct] the image is cut short');
    expect(stdout).toMatch(/FAILED: silent: .*rfs\.json/);
    expect(stdout).toMatch(/missing prediction +its pairs count 1\/2\n/);
    const failed = rows().filter((row) => row.status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(['broken', 'silent']);
    expect(failed[0]!.survival).toEqual({ time: 500, event: true, risk: NaN });
    expect(summary().failed).toBe(2);
    expect(summary().scores[0]!.value).toBeLessThan(0.9);
    const predicted = ['--pred', join(out, 'predictions')];
    const left = run('task2', data, ...predicted, '--allow-failures', '--missing', 'skip');
    expect(left.status).toBe(0);
    expect(left.summary().scores[0]!.value).toBe(1);
    const refused = run('task2', data, ...predicted, '--missing', 'refuse');
    expect(refused.stderr).toContain('PREDICTION_MISSING');
    expect(refused.stderr).toContain('broken: IMAGE_TRUNCATED');
    expect(existsSync(join(refused.out, 'summary.json'))).toBe(false);
  });

  it('names the cases that failed where those that did not cannot be compared', () => {
    const text = 'PatientID,Age,Relapse,RFS\na,50,1,100\nbroken,60,0,200\n';
    const data = makeCohort({ 'HECKTOR_2025_Training_Task_2.csv': text }, ['a', 'broken']);
    const { status, stdout } = run('task2', data, '--missing', 'skip');
    expect(stdout).toContain('FAILED: broken');
    expect(stdout).toContain('note: not scored: concordance index: no two patients');
    expect(stdout).toMatch(/C-index +not defined\n/);
    expect(status).toBe(1);
  });

  it('leaves no half of a score behind when it is stopped', async () => {
    const data = survivalCohort(1, ['endless']);
    const scratch = newFolder();
    const out = join(scratch, 'out');
    const child = spawn(
      process.execPath,
      [main, '--task', 'task2', '--data', data, '--program', FAKE, '--out', out],
      { cwd: ROOT, env: { ...process.env, TMPDIR: scratch } },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const running = setInterval(() => {
      if (!existsSync(join(scratch, 'endless'))) return;
      clearInterval(running);
      child.kill('SIGTERM');
    }, 50);
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('INTERRUPTED');
    expect([status, readdirSync(out)]).toEqual([6, ['predictions']]);
  });

  it('refuses a set in which nobody can be compared', () => {
    const text = 'PatientID,Age,Relapse,RFS\na,50,0,100\nb,60,0,200\n';
    const data = makeCohort({ 'HECKTOR_2025_Training_Task_2.csv': text }, ['a', 'b']);
    const { status, stderr } = run('task2', data);
    expect(stderr).toContain('no two patients can be compared');
    expect(status).not.toBe(0);
  });
});

describe('evaluating task 3', () => {
  it('gives balanced accuracy, the confusion matrix and the AUC of known answers', () => {
    const { status, stdout, summary } = run('task3', hpvCohort());
    const value = (name: string) => summary().scores.find((score) => score.name === name)?.value;
    expect(value('sensitivity')).toBeCloseTo(4 / 5, 12);
    expect(value('specificity')).toBe(1);
    expect(value('balanced accuracy')).toBeCloseTo(0.9, 12);
    expect(value('F1')).toBeCloseTo(8 / 9, 12);
    // Of 20 pairs the one of 52 years is before 55, 58 and 59 years.
    expect(value('AUC')).toBeCloseTo(17 / 20, 12);
    expect(stdout).toMatch(/false negatives +1\n/);
    expect(stdout).toContain('note: 1 patients without HPV Status are left out');
    expect(status).toBe(0);
  });
});

describe('evaluating task 1', () => {
  it('scores label maps with what a reader must know, and names the cases without', async () => {
    const data = await labelCohort({
      same: [
        [0, 1, 2, 2],
        [0, 1, 2, 2],
      ],
      odd: [
        [1, 2, 3, 257],
        [1, 0, 0, 0],
      ],
      unlabelled: [[0, 0, 0, 0]],
    });
    const { status, stdout, stderr, summary } = run('task1', data);
    expect(stderr).toBe('2 of 2 cases\n');
    expect(summary().scores.map(({ name, value, ranks }) => [name, value, ranks])).toEqual([
      ['mean GTVp DSC', 1, 'GTVp'],
      ['GTVp DSCagg', 1, undefined],
      ['GTVp HD95 (mm)', 0, undefined],
      ['GTVn DSCagg', 0.8, 'GTVn'],
      ['GTVn F1agg', 2 / 3, 'GTVn'],
      ['GTVn lesion sensitivity', 1, undefined],
      ['GTVn false positives per patient', 0.5, undefined],
      ['GTVn HD95 (mm)', 0, undefined],
    ]);
    expect(stdout).toMatch(/GTVn lesions +1 found, 0 missed, 1 false\n/);
    expect(stdout).toMatch(/empty GTVp, empty prediction +counts 1\n/);
    expect(stdout).toContain('WARNING: odd: the answer holds 3 (1 voxels), 257 (1 voxels)');
    expect(stdout).toContain('note: 1 patients without a label map are left out: unlabelled');
    expect(status).toBe(0);
  });

  it('says when every mask is empty', async () => {
    const cases = {
      a: [Array(4).fill(0), [1, 1, 2, 2]],
      b: [Array(4).fill(0), [1, 1, 2, 2]],
    };
    const { stdout } = run('task1', await labelCohort(cases));
    expect(stdout).toContain('WARNING: every answer is the same, of 2 patients: an empty mask');
  });
});

describe('answers that are all the same', () => {
  it('are pointed out for a risk and for a class', () => {
    const risk = 'PatientID,Age,Relapse,RFS\na,50,1,100\nb,50,0,200\nc,50,1,50\n';
    const hpv = 'PatientID,Age,HPV Status\na,50,1\nb,50,0\nc,50,1\n';
    const data = makeCohort({ 'x_Task_2.csv': risk, 'x_Task_3.csv': hpv }, ['a', 'b', 'c']);
    for (const task of ['task2', 'task3']) {
      expect(run(task, data).stdout).toContain('WARNING: every answer is the same');
    }
    const { stdout } = run('task2', data, '--check-direction');
    expect(stdout).toContain('direction: unknown, see the warning');
  });
});

describe('a set or an option that cannot be used', () => {
  const refuse = (data: string) => {
    const cohort = readTruth(data, TASK2);
    scorerOf(TASK2, cohort, CONVENTIONS);
  };

  it.each([
    [{}, 'it holds no .csv at all'],
    [{ 'other.csv': 'PatientID\n' }, 'it holds only other.csv'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\n' }, 'it has no rows'],
    [{ 'x_Task_2.csv': 'PatientID;Relapse;RFS\na;1;5\n' }, 'separated by semicolons'],
    [{ 'x_Task_2.csv': 'PatientID\tRelapse\tRFS\r\na\t1\t5\r\n' }, 'separated by tabs'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\ra,1,soon\r' }, 'patient a: expected RFS in days'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,5"\n' }, 'or stands inside a field'],
    [
      { 'x_Task_2.csv': Buffer.from('\uFEFFPatientID,Relapse,RFS\na,1,5\n', 'utf16le') },
      'not UTF-8',
    ],
    [{ 'x_Task_2.csv': Buffer.from('PatientID,Größe\n', 'latin1') }, 'not UTF-8'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,5\n' }, 'no two patients can be compared, of 1'],
    [{ 'x_Task_2.csv': '' }, 'the column PatientID is missing'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse\na,1\n' }, 'the column RFS is missing'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\nzz,1,10\n' }, 'without CT or PET are left out: zz'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1\n' }, 'row 1 has 2 fields, expected 3'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,soon\n' }, 'patient a: expected RFS in days'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,-5\n' }, 'patient a: expected RFS in days'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,2,5\n' }, 'Relapse 0 or 1'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,"5\n' }, 'a quote is never closed'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,5\na,1,5\n' }, "'a' is there twice"],
  ])('is refused before any case runs: %j', (tables, message) => {
    const data = makeCohort(tables as Record<string, string | Buffer>, ['a']);
    const refusal = { code: 'COHORT_INVALID', message: expect.stringContaining(message) };
    expect(() => refuse(data)).toThrow(expect.objectContaining(refusal));
  });

  it('does not wait for the writer of a pipe, nor reads a folder', () => {
    const data = makeCohort({}, ['a']);
    const table = join(data, 'x_Task_2.csv');
    const refused = expect.objectContaining({
      code: 'COHORT_INVALID',
      message: expect.stringContaining('not a file'),
    });
    execFileSync('mkfifo', [table]);
    expect(() => refuse(data)).toThrow(refused);
    rmSync(table);
    mkdirSync(table);
    expect(() => refuse(data)).toThrow(refused);
  });

  it('refuses a folder for the scores that cannot be one before any case runs', () => {
    const { status, stderr } = run('task2', survivalCohort(1), '--out', FAKE);
    expect(stderr).toMatch(/^OUTPUT_WRITE_FAILED [^\n]*\n$/);
    expect(status).toBe(5);
  });

  it.each([
    [['--task', 'task9'], '--task: expected one of hecktor26, task1, task2, task3'],
    [['--task', 'toString'], '--task: expected one of'],
    [['--task', 'task2', '--job', '2'], "'--job'"],
    [['--task', 'task2', '--empty', '2'], "--empty: expected one of 0, 1, skip, got '2'"],
    [['--task', 'task2', '--min-iou', '30'], '--min-iou: expected a number from 0 to below 1'],
    [['--task', 'task2', '--resamples', '10'], '--resamples: expected a whole number from 1000'],
    [['--task', 'task2', '--sweep', 'all'], 'only masks have rules'],
    [['--task', 'task2', '--compare', 'a'], 'expected two runs or more'],
    [['--task', 'task2', '--report', 'x', '--compare', 'a', 'b'], '--report: expected one run'],
    [['--task', 'task1', '--report', 'x', '--plan-cost'], '--report: expected one run'],
    [['--task', 'task1', '--report', 'truth.csv'], '--report: expected a file that ends in .html'],
    [['--task', 'task2', 'stray'], 'stray: expected an option'],
    [['--task', 'task2', '--out='], '--out: it has no value'],
    [['--task', 'task2', '--compare', 'a', '--compare='], '--compare: it has no value'],
    [['--task', 'task3', '--check-direction'], 'only a risk has a direction'],
  ])('names the option: %j', (args, message) => {
    const refused = { code: 'OPTION_INVALID', message: expect.stringContaining(message) };
    const read = () => readOptions([...args, '--data', 'somewhere']);
    expect(read).toThrow(expect.objectContaining(refused));
  });

  it.each([
    [['--jobs', '0'], '--jobs'],
    [['--timeout', '9999999'], 'from 1 to 604800'],
    [['--program', 'dist/nowhere.mjs'], 'run `nx run task2:build` first'],
  ])('names what the program cannot be run with: %j', (args, message) => {
    const options = readOptions(['--task', 'task2', '--data', '.', '--program', FAKE, ...args]);
    const refused = { code: 'OPTION_INVALID', message: expect.stringContaining(message) };
    expect(() => options.predict()).toThrow(expect.objectContaining(refused));
  });

  it('takes runs one after another or each with its option', () => {
    const runs = (...args: string[]) =>
      readOptions(['--task', 'task2', '--data', '.', ...args]).runs;
    expect(runs('--compare', 'a', 'b', 'c')).toEqual(['a', 'b', 'c']);
    expect(runs('--compare=a', '--compare=b')).toEqual(['a', 'b']);
  });

  it('ends with the exit code of what was wrong', () => {
    const missing = run('task2', join(newFolder(), 'nowhere'));
    expect(missing.stderr).toContain('Likely cause: the folder or table does not exist');
    expect(missing.status).toBe(3);
  });
});
