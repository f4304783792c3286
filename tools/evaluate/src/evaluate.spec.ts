import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.ts';
import { hpvCohort, makeCohort, survivalCohort } from './fixtures/make-cohort.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FAKE = fileURLToPath(new URL('./fixtures/fake-program.mjs', import.meta.url));
const made: string[] = [];
const kept = (folder: string): string => {
  made.push(folder);
  return folder;
};

function run(task: string, data: string, ...more: string[]) {
  const out = kept(mkdtempSync(join(tmpdir(), 'evaluate-out-')));
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
  const folder = kept(mkdtempSync(join(tmpdir(), 'resources-')));
  writeFileSync(join(folder, 'pipeline.json'), JSON.stringify({ head }));
  return folder;
}

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe('evaluating task 2', () => {
  it('gives the C-index of known risks, with an interval', () => {
    const { status, stdout, stderr, scores } = run('task2', kept(survivalCohort(1)));
    expect(stderr).toBe('10 of 10 cases, about 0 s left\n');
    expect(stdout).toContain('C-index           1.000 (95 % 1.000 to 1.000)');
    expect(scores().scored.scores[0]).toMatchObject({ name: 'C-index', value: 1 });
    expect(status).toBe(0);
  });

  it('catches a head whose direction is inverted', () => {
    const data = kept(survivalCohort(-1));
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
    expect(run('task2', kept(survivalCohort(-1)), ...options).stderr).toContain('survival.json');
    const right = run('task2', kept(survivalCohort(1)), ...options);
    expect(right.stdout).toContain('direction: as it should be');
    expect(right.status).toBe(0);
  });

  it('reports cases that fail and ends with an error unless told otherwise', () => {
    const data = kept(survivalCohort(1, ['broken', 'silent']));
    const { status, stderr, stdout, scores } = run('task2', data);
    expect(status).toBe(1);
    expect(stderr).toContain('broken failed: IMAGE_TRUNCATED [ct] the image is cut short');
    expect(stdout).toContain('FAILED: silent: wrote no rfs.json');
    expect(scores().failures.map(({ id }) => id)).toEqual(['broken', 'silent']);
    expect(scores().scored.scores[0]!.value).toBe(1);
    expect(run('task2', data, '--allow-failures').status).toBe(0);
  });

  it('refuses a set in which nobody can be compared', () => {
    const text = 'PatientID,Age,Relapse,RFS\na,50,0,100\nb,60,0,200\n';
    const data = kept(makeCohort({ 'HECKTOR_2025_Training_Task_2.csv': text }, ['a', 'b']));
    const { status, stderr } = run('task2', data);
    expect(stderr).toContain('no two patients can be compared');
    expect(status).not.toBe(0);
  });
});

describe('evaluating task 3', () => {
  it('gives balanced accuracy and the confusion matrix of known answers', () => {
    const { status, stdout, scores } = run('task3', kept(hpvCohort()));
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

describe('a set or an option that cannot be used', () => {
  it.each([
    [{}, 'it holds no .csv at all'],
    [{ 'other.csv': 'PatientID\n' }, 'it holds only other.csv'],
    [{ 'x_Task_2.csv': '' }, 'the column PatientID and Relapse and RFS is missing'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse\na,1\n' }, 'the column RFS is missing'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\nzz,1,10\n' }, 'without CT or PET are left out: zz'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1\n' }, 'row 1 has 2 fields, expected 3'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,soon\n' }, 'patient a: expected RFS in days'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,"5\n' }, 'a quote is never closed'],
    [{ 'x_Task_2.csv': 'PatientID,Relapse,RFS\na,1,5\na,1,5\n' }, "'a' is there twice"],
  ])('is told before any case runs: %j', async (tables, message) => {
    const evaluation = evaluate({
      task: 'task2',
      data: kept(makeCohort(tables as Record<string, string>, ['a'])),
      program: { file: 'never-started', resources: '' },
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

  it('names the option', () => {
    const data = kept(survivalCohort(1));
    expect(run('task9', data).stderr).toContain('--task: expected one of task1, task2, task3');
    expect(run('task2', data, '--jobs', '0').stderr).toContain('--jobs');
    expect(run('task3', data, '--check-direction').stderr).toContain('only task2');
    expect(run('task2', join(data, 'nowhere')).stderr).toContain('there is no such folder');
    const missing = run('task2', data, '--program', 'dist/nowhere.mjs');
    expect(missing.stderr).toContain('run `nx run task2:build` first');
    expect(missing.status).toBe(2);
  });
});
