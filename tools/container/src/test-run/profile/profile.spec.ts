import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitsOf, parseSize, showBytes, showMemory } from '../limits.ts';
import { loadProfile, parseProfile, PROFILES } from '../profile.ts';
import { TASKS } from '../../../testing/tasks.ts';

describe('the built-in profiles', () => {
  it('hold the document’s rules', () => {
    expect(limitsOf(PROFILES.hecktor25, TASKS.task2)).toMatchObject({
      memoryBytes: 16 * 2 ** 30,
      dataBytes: undefined,
      timeLimit: 900,
      archiveBytes: 2e9,
      imageBytes: undefined,
      modelMount: false,
    });
  });

  it.each([
    ['task1', 600],
    ['task2', 900],
    ['task3', 600],
  ] as const)('hold the platform’s limits for %s', (task, timeLimit) => {
    expect(limitsOf(PROFILES['grand-challenge'], TASKS[task])).toMatchObject({
      cpus: 2,
      memory: '16g',
      dataBytes: 16106127360,
      timeLimit,
      imageBytes: 10e9,
      modelMount: true,
    });
  });

  it('yield to what a person asks for', () => {
    const limits = limitsOf(PROFILES.hecktor25, TASKS.task1, {
      cpus: 4,
      memory: '8g',
      timeLimit: 5,
    });
    expect(limits).toMatchObject({ cpus: 4, memory: '8g', memoryBytes: 2 ** 33, timeLimit: 5 });
  });

  it.each([
    [{}, 300],
    [{ timeLimit: 900 }, 900],
  ])('give a server 300 s for a case, unless a person asks for more: %j', (more, timeLimit) => {
    const limits = limitsOf(PROFILES.hecktor25, TASKS.task1, { api: 'invoke', ...more });
    expect(limits).toMatchObject({ timeLimit });
  });
});

describe('loadProfile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'profile-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('knows profiles by name', async () => {
    expect(await loadProfile('grand-challenge')).toBe(PROFILES['grand-challenge']);
  });

  it('guesses which name was meant', async () => {
    await expect(loadProfile('grand-chalenge')).rejects.toThrow('did you mean "grand-challenge"?');
  });

  it('reads a file, which replaces fields of the profile it extends', async () => {
    const file = join(folder, 'next.json');
    const own = { name: 'next', extends: 'grand-challenge', timeLimit: 1500, image: null };
    await writeFile(file, JSON.stringify(own));
    expect(await loadProfile(file)).toEqual({
      ...PROFILES['grand-challenge'],
      name: 'next',
      timeLimit: 1500,
      image: null,
    });
  });

  it.each([
    [{ timeLimit: 1500 }, 1500],
    [{ timeLimit: { task1: 1500 } }, 1500],
    [{ timeLimit: { task2: 1500 }, extends: 'grand-challenge' }, 600],
    [{}, 900],
  ])('takes the time of %j, else that of the task', (fields, seconds) => {
    const profile = parseProfile(JSON.stringify({ name: 'own', ...fields }));
    expect(limitsOf(profile, TASKS.task1).timeLimit).toBe(seconds);
  });

  it('names a file that is not there', async () => {
    const file = join(folder, 'none.json');
    await expect(loadProfile(file)).rejects.toMatchObject({ code: 'PROFILE_INVALID', file });
  });
});

describe('parseProfile', () => {
  it.each([
    ['{"name":"x","timelimit":3}', 'unknown key "timelimit" (did you mean "timeLimit"?)'],
    ['{"name":"x","layout":"platfrom"}', 'did you mean "platform"?'],
    ['{"name":"x","memory":"16 GB"}', 'memory must match pattern'],
    ['{"cpus":2}', 'the profile lacks "name"'],
    ['{"name":"x","cpus":0}', 'cpus must be > 0'],
    ['{', 'it is not JSON'],
  ])('refuses %s', (text, message) => {
    expect(() => parseProfile(text)).toThrow(message);
  });
});

describe('limits of one run', () => {
  it.each([
    [{ timeLimit: 0 }, '--timeLimit=0'],
    [{ timeLimit: -3 }, '--timeLimit=-3'],
    [{ timeLimit: 99_999_999_999 }, '--timeLimit=99999999999'],
    [{ cpus: 1e-7 }, '--cpus=1e-7'],
    [{ cpus: NaN }, '--cpus=NaN'],
    [{ memory: '999999999999g' }, '--memory=999999999999g'],
  ])('are refused where no run can have them: %j', (overrides, option) => {
    expect(() => limitsOf(PROFILES.hecktor25, TASKS.task1, overrides)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        detail: expect.stringContaining(option),
      }),
    );
  });
});

describe('sizes', () => {
  it('are powers of 1024, as engines take them', () => {
    expect(parseSize('16g')).toBe(16 * 2 ** 30);
    expect(parseSize('192m')).toBe(192 * 2 ** 20);
  });

  it('are shown in units that fit', () => {
    expect([950, 39_346, 5.2e6, 1.23e9].map(showBytes)).toEqual([
      '950 B',
      '39 kB',
      '5.2 MB',
      '1.23 GB',
    ]);
    expect([150 * 2 ** 20, 16 * 2 ** 30].map(showMemory)).toEqual(['150 MiB', '16 GiB']);
  });
});

describe('docs/test-run.md', () => {
  it('lists every field of a profile', async () => {
    const page = await readFile(
      new URL('../../../../../docs/test-run.md', import.meta.url),
      'utf8',
    );
    const fields = ['timeLimit', ...Object.keys(PROFILES.hecktor25)].filter(
      (field) => !['name', 'extends'].includes(field),
    );
    for (const field of fields) expect(page).toMatch(new RegExp(`^\\| \`${field}\``, 'm'));
  });
});
