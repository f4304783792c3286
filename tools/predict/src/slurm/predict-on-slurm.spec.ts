import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readCohort, type Predictions } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { useFolder } from '@hecktor/testing';
import { fakeProgram, makeCohort, TASK2, treeOf } from '../fixtures/cohort.ts';
import { predictCohort } from '../predict-cohort.ts';
import { predictOnSlurm, type SlurmOptions } from './predict-on-slurm.ts';
import { runElement } from './run-element.ts';

// A Slurm of a few lines; the real one is in tools/container-test.
const SLURM = fileURLToPath(new URL('../fixtures/fake-slurm.mjs', import.meta.url));
const { PATH } = process.env;
const folder = useFolder({ each: true });
const state = (name: string): string => folder.at('slurm-state', name);
const read = (name: string): string =>
  existsSync(state(name)) ? readFileSync(state(name), 'utf8') : '';

beforeEach(() => {
  folder.make('slurm-state');
  const commands = folder.make('bin');
  for (const name of ['squeue', 'sbatch', 'scancel', 'sacct', 'scontrol']) {
    const text = `#!/bin/sh\nexec "${process.execPath}" "${SLURM}" ${name} "$@"\n`;
    writeFileSync(join(commands, name), text, { mode: 0o755 });
  }
  process.env['PATH'] = [commands, PATH].join(delimiter);
  process.env['FAKE_SLURM'] = folder.at('slurm-state');
});

interface Run {
  readonly ended: Promise<Predictions>;
  readonly stop: AbortController;
  readonly said: string[];
}

function start(data: string, more: Partial<SlurmOptions> = {}): Run {
  const { cases } = readCohort(data, TASK2);
  const [said, stop]: [string[], AbortController] = [[], new AbortController()];
  const progress = {
    begin: () => undefined,
    add: ({ id, error }: { id: string; error?: { code: string } }) =>
      void said.push(`${id} ${error?.code ?? 'done'}`),
    status: (text: string) => void said.push(text),
    say: (text: string) => void said.push(text),
    end: () => undefined,
  };
  const ended = predictOnSlurm({
    ...{ task: TASK2, cases, program: fakeProgram(folder.at('resources')), out: folder.at('out') },
    ...{ retries: 1, interval: 10, progress, signal: stop.signal, ...more },
  });
  // Looked at in the end.
  ended.catch(() => undefined);
  return { ended, stop, said };
}

async function until(holds: () => boolean): Promise<void> {
  const begun = Date.now();
  while (Date.now() < begun + 30_000 && !holds()) await setTimeout(10);
  expect(holds()).toBe(true);
}
const submitted = (): number => read('submitted').split('\n').length - 1;

/** Runs the elements of an array, or some of them, as nodes would, and takes them off the queue. */
async function work(job: number, ...indices: number[]): Promise<void> {
  await until(() => submitted() > job);
  const stamp = readdirSync(folder.at('out/slurm')).sort()[job]!;
  const queue = read('queue').split('\n');
  for (const line of queue.filter((each) => each.endsWith(stamp))) {
    const index = Number(line.split('|')[1]);
    if (indices.length > 0 && !indices.includes(index)) continue;
    process.env['SLURM_ARRAY_TASK_ID'] = String(index);
    const file = folder.at('out/slurm', stamp, 'array.json');
    await runElement(file, new AbortController().signal);
    endAs(job, index, 'COMPLETED');
  }
}

function endAs(job: number, index: number, word: string): void {
  const line = new RegExp(`^(${101 + job}\\|${index}\\|)\\w+`, 'm');
  writeFileSync(state('queue'), read('queue').replace(line, `$1${word}`));
}

describe('predictOnSlurm', () => {
  it('submits arrays as large as the cluster takes, and gives what one machine would', async () => {
    const fails = 'IMAGE_TRUNCATED [INPUT/images/ct/x.mha] it is cut short. Fix: z.';
    const data = makeCohort(folder.at('data'), { a: {}, b: { fails }, c: {}, d: {} });
    const { ended, said } = start(data, { jobs: 7 });
    await work(0);
    await work(1);
    await ended;
    expect(read('submitted')).toMatch(/--array=0-2%7 .*\n.*--array=0-0%7 /);
    expect(read('script')).toMatch(
      /^#!\/bin\/sh\n#SBATCH --cpus-per-task=1\n#SBATCH --mem=16384M\n/,
    );
    expect(said.filter((line) => / (done|IMAGE_TRUNCATED)$/.test(line)).sort()).toEqual([
      'a done',
      'b IMAGE_TRUNCATED',
      'c done',
      'd done',
    ]);
    const left = readdirSync(folder.at('out/slurm'), { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith('array.json'))).toEqual([]);
    rmSync(folder.at('out/slurm'), { recursive: true });
    const { cases } = readCohort(data, TASK2);
    await predictCohort({
      ...{
        task: TASK2,
        cases,
        program: fakeProgram(folder.at('resources')),
        out: folder.at('native'),
      },
      progress: { begin: () => undefined, add: () => undefined, end: () => undefined },
      signal: new AbortController().signal,
    });
    expect(treeOf(folder.at('out'))).toEqual(treeOf(folder.at('native')));
  });

  it('submits again what ended without an answer, so often and no more', async () => {
    const data = makeCohort(folder.at('data'), { a: {}, b: {} });
    const { ended, said } = start(data);
    await until(() => submitted() > 0);
    // A limit on jobs: later, when others have ended.
    writeFileSync(state('no-sbatch'), 'sbatch: error: QOSMaxSubmitJobPerUserLimit');
    endAs(0, 1, 'NODE_FAIL');
    const refusals = () => said.filter((line) => line.includes('QOSMaxSubmitJobPerUserLimit'));
    await until(() => refusals().length > 0);
    await setTimeout(500);
    expect(refusals()).toHaveLength(1);
    rmSync(state('no-sbatch'));
    await until(() => submitted() > 1);
    await work(0, 0);
    // The queue has forgotten it; accounting has not.
    writeFileSync(state('accounts'), 'OUT_OF_MEMORY\n');
    writeFileSync(state('queue'), '');
    const { cases } = await ended;
    expect(said).toContain('b: its element ended as NODE_FAIL and is submitted again');
    expect(cases.map(({ id, error }) => [id, error?.code])).toEqual([
      ['a', undefined],
      ['b', 'OUT_OF_MEMORY'],
    ]);
    expect(cases[1]!.error!.message).toContain('ended 2 times without an answer');
    expect(submitted()).toBe(2);
  });

  it('leaves the elements to run when it is ended, and finds them again', async () => {
    const data = makeCohort(folder.at('data'), { a: {}, b: {} });
    const first = start(data);
    await work(0, 1);
    first.stop.abort(new HecktorError('INTERRUPTED', { detail: 'received SIGINT' }));
    await expect(first.ended).rejects.toMatchObject({
      ...{ code: 'INTERRUPTED', fix: expect.stringContaining('`scancel 101`') },
    });
    const second = start(data);
    await until(() => second.said.includes('1 running, 0 waiting'));
    await work(0, 0);
    expect((await second.ended).cases.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(submitted()).toBe(1);

    // What is done stays; other weights cancel what still runs for the ones before.
    await start(data).ended;
    expect(submitted()).toBe(1);
    expect(read('cancelled')).toBe('');
    endAs(0, 0, 'RUNNING');
    const program = fakeProgram(folder.at('other'));
    writeFileSync(folder.at('other/model.onnx'), 'other weights');
    const third = start(data, { program });
    await work(1);
    await third.ended;
    expect(read('cancelled')).toBe('101\n');
  });

  it('collects results while the queue is silent, and says what sbatch refuses', async () => {
    const data = makeCohort(folder.at('data'), { a: {} });
    const run = start(data);
    await until(() => submitted() === 1);
    writeFileSync(state('no-squeue'), 'slurm_load_jobs error: Unable to contact slurm controller');
    await until(() => run.said.includes('the queue does not answer, 1 waiting'));
    await setTimeout(100);
    await work(0);
    expect((await run.ended).cases).toHaveLength(1);
    const silent = start(data, { out: folder.at('else') });
    await expect(silent.ended).rejects.toMatchObject({ code: 'SLURM_FAILED' });

    rmSync(state('no-squeue'));
    writeFileSync(
      state('no-sbatch'),
      'sbatch: error: Batch job submission failed: Invalid account',
    );
    await expect(start(data, { out: folder.at('else') }).ended).rejects.toMatchObject({
      ...{ code: 'SLURM_FAILED', detail: expect.stringContaining('Invalid account') },
    });
  });
});
