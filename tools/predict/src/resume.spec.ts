import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readPredictions } from '@hecktor/cohort';
import { bundleWorker, createRandom, useFolder } from '@hecktor/testing';
import { FAKE, fakeProgram, makeCohort, ROOT, treeOf } from './fixtures/cohort.ts';

const folder = useFolder({ each: true });
let main = '';
beforeAll(async () => {
  main = fileURLToPath(await bundleWorker(new URL('./main.ts', import.meta.url)));
});

function start(data: string, out: string, ...more: readonly string[]): ChildProcess {
  const { resources } = fakeProgram(folder.at('resources'));
  const options = ['--data', data, '--out', out, '--program', FAKE, '--resources', resources];
  return spawn(process.execPath, [main, '--task', 'task2', '--jobs', '2', ...options, ...more], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, text };
}

describe('a run that is stopped', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s at any moment ends, started again, in the same bytes',
    async (signal) => {
      const ids = Array.from({ length: 10 }, (_, i) => `P-${i}`);
      const patients = Object.fromEntries(ids.map((id, i) => [id, { ms: 40 + 10 * i }]));
      const broken = { fails: 'IMAGE_TRUNCATED [INPUT/images/ct/x.mha] it is cut short.' };
      const data = makeCohort(folder.at('data'), { ...patients, broken });
      const whole = folder.at('undisturbed');
      const undisturbed = await finish(start(data, whole));
      expect(undisturbed.text).toContain('10 of 11 cases predicted');
      expect(undisturbed.code).toBe(1);
      const random = createRandom(7);
      const out = folder.at('out');
      for (let kill = 0; kill < 8; kill++) {
        const before = overIn(out);
        const child = start(data, out);
        const ended = finish(child);
        // By turns early, when it has hardly begun, and when it has finished a case at least.
        while (kill % 2 === 1 && child.exitCode === null && overIn(out) <= before)
          await setTimeout(5);
        await setTimeout(random.between(0, kill % 2 === 1 ? 150 : 900));
        child.kill(signal);
        const { code } = await ended;
        if (code === 6) expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
        for (const { id } of existsSync(`${out}/run.json`) ? readPredictions(out).cases : []) {
          const file = `cases/${id}/case.json`;
          expect(readFileSync(`${out}/${file}`)).toEqual(readFileSync(`${whole}/${file}`));
        }
      }
      expect(overIn(out)).toBeGreaterThan(3);
      expect((await finish(start(data, out))).code).toBe(1);
      expect(treeOf(out)).toEqual(treeOf(whole));
    },
    300_000,
  );

  it.each(['SIGKILL', 'SIGTERM'] as const)('by %s takes its programs along', async (signal) => {
    const data = makeCohort(folder.at('data'), { a: { ms: 30_000 } });
    const child = start(data, folder.at('out'));
    const pid = await firstPid(folder.at('out/.work'));
    child.kill(signal);
    await finish(child);
    const gone = async (): Promise<boolean> => {
      for (let i = 0; i < 50 && existsSync(`/proc/${pid}`); i++) await setTimeout(50);
      return !existsSync(`/proc/${pid}`);
    };
    expect(await gone()).toBe(true);
  });
});

/** How many cases are over. */
function overIn(out: string): number {
  return existsSync(`${out}/cases`) ? readdirSync(`${out}/cases`).length : 0;
}

/** Waits for a program's first line, which says its id. */
async function firstPid(work: string): Promise<number> {
  for (;;) {
    const [name] = existsSync(work) ? readdirSync(work) : [];
    const log = `${work}/${name}/case/log.jsonl`;
    const text = name !== undefined && existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (text !== '') return (JSON.parse(text.split('\n')[0]!) as { pid: number }).pid;
    await setTimeout(20);
  }
}

describe('two runs at once', () => {
  const endless = { a: { ms: 600_000 } };

  it('do not share a folder: the second is refused, and may come when the first is over', async () => {
    const data = makeCohort(folder.at('data'), endless);
    const first = start(data, folder.at('out'));
    const ended = finish(first);
    await firstPid(folder.at('out/.work'));
    const second = await finish(start(data, folder.at('out')));
    expect(second.text).toMatch(/^FOLDER_IN_USE \[.*\.lock\] .*process \d+ on [^\n]*\n$/);
    expect(second.code).toBe(2);
    first.kill('SIGTERM');
    expect((await ended).code).toBe(6);
    const quick = makeCohort(folder.at('quick'), { a: {} });
    expect((await finish(start(quick, folder.at('out')))).text).toContain('1 of 1 cases predicted');
  });

  it('started together after a killed one: one of them runs', async () => {
    const data = makeCohort(folder.at('data'), endless);
    for (let i = 0; i < 3; i++) {
      const out = folder.at(`out-${i}`);
      const killed = start(data, out);
      await firstPid(`${out}/.work`);
      killed.kill('SIGKILL');
      await finish(killed);
      const both = [1, 2].map(() => start(data, out));
      const ended = both.map(finish);
      expect((await Promise.race(ended)).code).toBe(2);
      for (const child of both) child.kill('SIGTERM');
      expect((await Promise.all(ended)).map(({ code }) => code).sort()).toEqual([2, 6]);
    }
  });
});

it('refuses to write among the data, in one line and before any case', async () => {
  const data = makeCohort(folder.at('data'), { a: {} });
  const { code, text } = await finish(start(data, folder.at('data/a/predictions')));
  expect(text).toMatch(/^OPTION_INVALID [^\n]*--out: [^\n]*the data of a[^\n]*\n$/);
  expect(code).toBe(2);
  expect(readdirSync(folder.at('data/a'))).toEqual(['a__CT.mha', 'a__PT.mha']);
});
