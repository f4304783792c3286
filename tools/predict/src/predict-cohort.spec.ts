import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCohort, readPredictions } from '@hecktor/cohort';
import { useFolder } from '@hecktor/testing';
import { fakeProgram, makeCohort, RECIPE, TASK2, type Wish } from './fixtures/cohort.ts';
import { jobsFor } from './jobs.ts';
import { predictCohort, type PredictOptions } from './predict-cohort.ts';
import type { Program } from './program.ts';

const folder = useFolder({ each: true });
const OTHER_RECIPE = JSON.stringify({ ...RECIPE, name: 'other' });

/** Cases that were run now, by what became of them. */
async function predict(data: string, program: Program, more: Partial<PredictOptions> = {}) {
  const ran: string[] = [];
  const { cases } = readCohort(data, TASK2);
  const predictions = await predictCohort({
    ...{ task: TASK2, cases, program, out: folder.at('out'), jobs: 2 },
    progress: {
      begin: () => undefined,
      add: ({ id, fresh }) => void (fresh && ran.push(id)),
      end: () => undefined,
    },
    signal: new AbortController().signal,
    ...more,
  });
  return { ran: ran.sort(), predictions };
}

describe('predictCohort', () => {
  it('writes what the container would, and what became of each case', async () => {
    const data = makeCohort(folder.at('data'), {
      b: { peakMiB: 77 },
      a: {},
      broken: { fails: 'IMAGE_TRUNCATED [INPUT/images/ct/x.mha] it is cut short. Fix: z.' },
      odd: { fails: 'TypeError: no' },
    });
    const program = fakeProgram(folder.at('resources'));
    const { predictions } = await predict(data, program);
    const [a, b, broken, odd] = predictions.cases;
    expect(predictions.run.cases.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'done'],
      ['b', 'done'],
      ['broken', 'failed'],
      ['odd', 'failed'],
    ]);
    expect(predictions.pending).toEqual([]);
    expect(readFileSync(join(a!.output, 'rfs.json'), 'utf8')).toMatch(/^0\.\d{6,}$/);
    expect(b!.usage).toEqual({ seconds: expect.any(Number), peakMiB: 77, plan: { state: 'done' } });
    // Nothing of the folder that it ran in, which has another name each time.
    expect(broken!.error).toEqual({
      code: 'IMAGE_TRUNCATED',
      message: 'IMAGE_TRUNCATED [images/ct/x.mha] it is cut short. Fix: z.',
    });
    expect(odd!.error).toEqual({ code: 'INTERNAL', message: 'TypeError: no' });
    expect(readdirSync(folder.at('out/cases/broken')).sort()).toEqual([
      'case.json',
      'log.jsonl',
      'usage.json',
    ]);
    expect(readFileSync(folder.at('out/cases/a/log.jsonl'), 'utf8')).toContain('"msg":"done"');
    expect(readdirSync(folder.at('out')).sort()).toEqual(['cases', 'run.json']);
  });

  it('runs again only what has changed, and what failed', async () => {
    const failing = { fails: 'x' };
    const data = makeCohort(folder.at('data'), { a: {}, b: {}, broken: failing });
    const program = fakeProgram(folder.at('resources'));
    const all = ['a', 'b', 'broken'];
    expect((await predict(data, program)).ran).toEqual(all);
    expect((await predict(data, program)).ran).toEqual(['broken']);
    // Prose, the place of things and the time limit decide no answer.
    writeFileSync(folder.at('resources/CARD.md'), 'about');
    const elsewhere = { ...program, timeLimitS: 61, modelFolder: folder.at('nowhere') };
    expect((await predict(data, elsewhere)).ran).toEqual(['broken']);
    appendFileSync(join(data, 'b/b__PT.mha'), '!');
    expect((await predict(data, program)).ran).toEqual(['b', 'broken']);
    expect((await predict(data, { ...program, threads: 2 })).ran).toEqual(all);
    expect((await predict(data, program)).ran).toEqual(all);
    mkdirSync(folder.at('model'));
    writeFileSync(folder.at('model/model.onnx'), 'others');
    expect((await predict(data, { ...program, modelFolder: folder.at('model') })).ran).toEqual(all);
    writeFileSync(folder.at('resources/pipeline.json'), OTHER_RECIPE);
    expect((await predict(data, program)).ran).toEqual(all);
  });

  it('does not take what another recipe made for predictions of this run', async () => {
    const data = makeCohort(folder.at('data'), { a: {}, b: { ms: 5000 } });
    const program = fakeProgram(folder.at('resources'));
    await predict(makeCohort(folder.at('quick'), { a: {}, b: {} }), program);
    writeFileSync(folder.at('resources/pipeline.json'), OTHER_RECIPE);
    const stop = new AbortController();
    const progress: PredictOptions['progress'] = {
      begin: () => undefined,
      add: () => stop.abort(new Error('stopped')),
      end: () => undefined,
    };
    const stopped = predict(data, program, { progress, signal: stop.signal });
    await expect(stopped).rejects.toThrow('stopped');
    const { cases, pending } = readPredictions(folder.at('out'));
    expect(cases.map(({ id }) => id)).toEqual(['a']);
    expect(pending).toEqual(['b']);
  });

  it.each([
    ['is no recipe', '{"version": 1}', 'RECIPE_INVALID'],
    ['is not JSON', '{', 'RECIPE_INVALID'],
    ['names a file that is not there', JSON.stringify(RECIPE), 'MODEL_FILE_NOT_FOUND'],
  ])('refuses a recipe that %s before any case is run', async (_, text, code) => {
    const data = makeCohort(folder.at('data'), { a: {}, b: {} });
    const program = fakeProgram(folder.at('resources'));
    rmSync(folder.at('resources/model.onnx'));
    writeFileSync(folder.at('resources/pipeline.json'), text);
    await expect(predict(data, program)).rejects.toMatchObject({ code });
    expect(readdirSync(folder.at('out'))).toEqual([]);
  });

  it.each([
    // Node's own recursive mkdir never returns there.
    '/proc/hecktor/out',
    'FILE/out',
  ])('says at once that %s cannot be made', async (place) => {
    const data = makeCohort(folder.at('data'), { a: {} });
    const out = place.replace('FILE', folder.put('file', ''));
    const refused = predict(data, fakeProgram(folder.at('resources')), { out });
    await expect(refused).rejects.toMatchObject({ code: 'OUTPUT_WRITE_FAILED', file: out });
  });

  it('leaves nothing of a failed write, and says so', async () => {
    const data = makeCohort(folder.at('data'), { a: { ms: 300 }, b: { ms: 300 } });
    writeFileSync(folder.put('out/cases', ''), '');
    const failed = predict(data, fakeProgram(folder.at('resources')));
    await expect(failed).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(folder.at('out')).sort()).toEqual(['cases', 'run.json']);
  });
});

describe('the number of cases at a time', () => {
  const machine = { cpus: 4, memoryMiB: 1000 };

  /** How many were seen beside each other, by each case in turn. The first patient is the largest. */
  async function beside(wish: Wish, options: Partial<PredictOptions>): Promise<number[]> {
    const crowd = folder.make('crowd');
    const first = { crowd, ...wish, meet: 1, note: 'the largest one' };
    const others = Array.from({ length: 5 }, (_, i) => [`P-${i}`, { crowd, ...wish }] as const);
    const data = makeCohort(folder.at('data'), { first, ...Object.fromEntries(others) });
    const program = fakeProgram(folder.at('resources'));
    const { predictions } = await predict(data, program, { jobs: undefined, machine, ...options });
    expect(predictions.cases.map(({ status }) => status)).toEqual(Array(6).fill('done'));
    return readFileSync(join(crowd, 'seen'), 'utf8').trim().split('\n').map(Number);
  }

  it('follows from the peak of the largest, which runs alone', async () => {
    const seen = await beside({ peakMiB: 250, meet: 3, ms: 100 }, {});
    expect(seen[0]).toBe(1);
    expect(Math.max(...seen)).toBe(3);
  });

  it('is what was asked for', async () => {
    expect(Math.max(...(await beside({ peakMiB: 900, meet: 2 }, { jobs: 2 })))).toBe(2);
  });

  it('does not cost cases that memory suffices for alone', async () => {
    const seen = await beside({ meet: 2, limit: 1 }, { jobs: 3 });
    expect(seen.length).toBeGreaterThan(6);
    expect(seen.at(-1)).toBe(1);
  });
});

it.each([
  ['memory', 250, 1, 3],
  ['CPUs', 10, 1, 4],
  ['CPUs of cases with two threads', 10, 2, 2],
  ['one, whatever it takes', 5000, 8, 1],
])('is limited by %s', (_, peak, threads, jobs) => {
  expect(jobsFor(peak, threads, { cpus: 4, memoryMiB: 1000 })).toBe(jobs);
});
