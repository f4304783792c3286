import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.ts';
import {
  hpvCohort,
  labelCohort,
  makeCohort,
  newFolder,
  survivalCohort,
} from './fixtures/make-cohort.ts';
import { readScoredTasks } from './tasks.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FAKE = fileURLToPath(new URL('./fixtures/fake-program.mjs', import.meta.url));
const TASK2 = readScoredTasks(join(ROOT, 'apps')).get('task2')!;

function run(task: string, data: string, ...more: string[]) {
  const out = newFolder();
  const script = ['tools/build/run-ts.mjs', 'tools/evaluate/src/main.ts'];
  const options = ['--task', task, '--data', data, '--program', FAKE, '--out', out, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const scores = () =>
    JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8')) as {
      scored: { scores: { name: string; value: number }[]; warnings: string[] };
      failures: { id: string; failure: string }[];
    };
  return { status, stdout, stderr, scores };
}

/** Resources of a recipe with this head. */
function resources(head: object): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'pipeline.json'), JSON.stringify({ head }));
  return folder;
}

describe('evaluating task 2', () => {
  it('gives the C-index of known risks, with an interval', () => {
    const { status, stdout, stderr, scores } = run('task2', survivalCohort(1));
    expect(stderr).toBe('10 of 10 cases, about 0 s left\n');
    expect(stdout).toContain('C-index           1.000 (95 % 1.000 to 1.000)');
    expect(scores().scored.scores[0]).toMatchObject({ name: 'C-index', value: 1 });
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
    const options = ['--check-direction', '--resources', inverted];
    expect(run('task2', survivalCohort(-1), ...options).stderr).toContain('survival.json');
    const right = run('task2', survivalCohort(1), ...options);
    expect(right.stdout).toContain('direction: as it should be');
    expect(right.status).toBe(0);
  });

  it('reports cases that fail and ends with an error unless told otherwise', () => {
    const data = survivalCohort(1, ['broken', 'silent']);
    const { status, stderr, stdout, scores } = run('task2', data);
    expect(status).toBe(1);
    expect(stderr).toContain('broken failed: IMAGE_TRUNCATED [ct] the image is cut short');
    expect(stdout).toContain('FAILED: silent: wrote no rfs.json');
    expect(scores().failures.map(({ id }) => id)).toEqual(['broken', 'silent']);
    expect(scores().scored.scores[0]!.value).toBe(1);
    expect(run('task2', data, '--allow-failures').status).toBe(0);
  });

  it('names the cases that failed where those that did not cannot be compared', () => {
    const text = 'PatientID,Age,Relapse,RFS\na,50,1,100\nbroken,60,0,200\n';
    const data = makeCohort({ 'HECKTOR_2025_Training_Task_2.csv': text }, ['a', 'broken']);
    const { status, stdout } = run('task2', data);
    expect(stdout).toContain('FAILED: broken');
    expect(stdout).toContain('note: not scored: concordance index: no two patients');
    expect(status).toBe(1);
  });

  it('follows links to images that lie elsewhere', () => {
    const data = survivalCohort(1);
    const elsewhere = newFolder();
    const id = readdirSync(data).find((name) => !name.endsWith('.csv'))!;
    for (const name of readdirSync(join(data, id))) {
      renameSync(join(data, id, name), join(elsewhere, name));
      symlinkSync(join(elsewhere, name), join(data, id, name));
    }
    expect(run('task2', data).stdout).toContain('10 scored, 0 failed');
  });

  it('leaves nothing of a patient behind when it is stopped', async () => {
    const data = survivalCohort(1, ['endless']);
    const scratch = newFolder();
    const script = ['tools/build/run-ts.mjs', 'tools/evaluate/src/main.ts', '--task', 'task2'];
    const options = ['--data', data, '--program', FAKE, '--out', join(scratch, 'out')];
    const child = spawn(process.execPath, [...script, ...options], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: scratch },
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const running = setInterval(() => {
      if (existsSync(join(scratch, 'endless'))) child.kill('SIGTERM');
    }, 50);
    const status = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(running);
    expect([status, readdirSync(scratch).sort()]).toEqual([6, ['endless', 'out']]);
    expect(stderr).toContain('INTERRUPTED');
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
  it('gives balanced accuracy and the confusion matrix of known answers', () => {
    const { status, stdout, scores } = run('task3', hpvCohort());
    const value = (name: string) =>
      scores().scored.scores.find((score) => score.name === name)?.value;
    expect(value('sensitivity')).toBeCloseTo(4 / 5, 12);
    expect(value('specificity')).toBe(1);
    expect(value('balanced accuracy')).toBeCloseTo(0.9, 12);
    expect(value('F1')).toBeCloseTo(8 / 9, 12);
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
    const { status, stdout, stderr, scores } = run('task1', data);
    expect(stderr).toBe('2 of 2 cases, about 0 s left\n');
    expect(scores().scored.scores.map(({ name, value }) => [name, value])).toEqual([
      ['mean GTVp DSC', 1],
      ['GTVp DSCagg', 1],
      ['GTVn DSCagg', 0.8],
    ]);
    expect(stdout).toContain('WARNING: odd: the answer holds 3 (1 voxels), 257 (1 voxels)');
    expect(stdout).toContain('note: 1 patients without a label map are left out: unlabelled');
    expect(status).toBe(0);
  });

  it('says when every mask is empty', async () => {
    const cases = { a: [Array(4).fill(0), [1, 1, 2, 2]] };
    const { stdout } = run('task1', await labelCohort(cases));
    expect(stdout).toContain('WARNING: every answer is the same, of 1 patients: an empty mask');
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
  ])('is refused before any case runs: %j', async (tables, message) => {
    const evaluation = evaluate({
      task: TASK2,
      data: makeCohort(tables as Record<string, string | Buffer>, ['a']),
      program: { file: 'never-started', resources: '', limit: 1 },
      jobs: 1,
      progress: () => {
        throw new Error('a case was to be run');
      },
    });
    await expect(evaluation).rejects.toMatchObject({
      code: 'COHORT_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('does not wait for the writer of a pipe, nor reads a folder', async () => {
    const data = makeCohort({}, ['a']);
    const table = join(data, 'x_Task_2.csv');
    const refused = { code: 'COHORT_INVALID', message: expect.stringContaining('not a file') };
    const options = { task: TASK2, program: { file: '', resources: '', limit: 1 }, jobs: 1 };
    const progress = (): never => {
      throw new Error('a case was to be run');
    };
    execFileSync('mkfifo', [table]);
    await expect(evaluate({ ...options, data, progress })).rejects.toMatchObject(refused);
    rmSync(table);
    mkdirSync(table);
    await expect(evaluate({ ...options, data, progress })).rejects.toMatchObject(refused);
    await expect(evaluate({ ...options, data: FAKE, progress })).rejects.toMatchObject({
      code: 'COHORT_INVALID',
      message: expect.stringContaining('not a folder'),
    });
  });

  it('refuses a folder for the scores that cannot be one before any case runs', () => {
    const { status, stderr } = run('task2', survivalCohort(1), '--out', FAKE);
    expect(stderr).toMatch(/^OUTPUT_WRITE_FAILED [^\n]*\n$/);
    expect(status).toBe(5);
  });

  it('names the option', () => {
    const data = survivalCohort(1);
    expect(run('task9', data).stderr).toContain('--task: expected one of task1, task2, task3');
    expect(run('task2', data, '--jobs', '0').stderr).toContain('--jobs');
    expect(run('task2', data, '--timeout', '9999999').stderr).toContain('from 1 to 604800');
    expect(run('task2', data, '--job', '2').stderr).toContain('OPTION_INVALID');
    expect(run('toString', data).stderr).toContain('--task: expected one of');
    expect(run('task3', data, '--check-direction').stderr).toContain('only a risk has a direction');
    expect(run('task2', join(data, 'nowhere')).stderr).toContain('there is no such folder');
    const missing = run('task2', data, '--program', 'dist/nowhere.mjs');
    expect(missing.stderr).toContain('run `nx run task2:build` first');
    expect(missing.status).toBe(2);
  });
});
