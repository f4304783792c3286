import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { exec } from '../engine/exec.ts';
import { type Check, renderChecks } from './checks.ts';
import { examine } from './examine.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const EXECUTOR = fileURLToPath(new URL('../../executors/doctor.cjs', import.meta.url));

const options = {
  workspace: ROOT,
  tasks: ['task1'],
  engine: 'docker',
  nodeImage: 'node:x',
} as const;

describe('examine', () => {
  it('looks at everything in order and survives an engine that cannot be asked', async () => {
    const checks = await examine({
      ...{ ...options, purpose: 'container' },
      run: () => Promise.reject(new Error('EMFILE')),
    });
    expect([...new Set(checks.map(({ area }) => area))]).toEqual([
      ...['machine', 'engine', 'workspace', 'task1'],
    ]);
    expect(checks.find(({ area }) => area === 'engine')).toMatchObject({
      status: 'warning',
      found: 'could not be looked at: EMFILE',
    });
  });

  it('looks at every task unless told otherwise', async () => {
    const checks = await examine({
      ...{ workspace: ROOT, engine: 'docker', nodeImage: 'node:x', purpose: 'program' },
      run: () => Promise.resolve({ code: 127, stdout: '', stderr: '' }),
    });
    const areas = new Set(checks.map(({ area }) => area));
    for (const task of ['task1', 'task2', 'task3']) expect(areas).toContain(task);
  });
});

describe('the doctor on a machine without an engine', () => {
  const examineWithout = async (fields: object) => {
    const all = { engine: 'docker', nodeImage: 'n', for: 'container', json: true, ...fields };
    const context = { root: ROOT, projectName: 'task1' };
    const script =
      `require(${JSON.stringify(EXECUTOR)})(${JSON.stringify(all)},${JSON.stringify(context)})` +
      `.then(({success})=>{process.exitCode=success?0:1})`;
    const env = { PATH: '/nowhere', DEBUG: '' };
    return exec(process.execPath, ['-e', script], { env });
  };

  it('names it as the blocker of containers, in JSON too', async () => {
    const { code, stdout, stderr } = await examineWithout({});
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as { ready: boolean; checks: Check[] };
    const blockers = report.checks.filter(({ status }) => status === 'blocker');
    expect(blockers.map(({ code: error }) => error)).toContain('ENGINE_NOT_FOUND');
    expect(report.ready).toBe(false);
    expect(code).toBe(1);
  });

  it('lets those pass who want no container', async () => {
    const { code, stdout } = await examineWithout({ for: 'program', json: false });
    expect(stdout).toMatch(/note +docker +there is no command "docker"/);
    expect(stdout).toMatch(/nothing stands in the way/);
    expect(code).toBe(0);
  });
});

describe('renderChecks', () => {
  it('puts each fix below its row, in lines that fit a terminal, and counts', () => {
    const long = 'many words '.repeat(20).trim();
    const text = renderChecks([
      { area: 'machine', name: 'Node', status: 'ok', found: '20', fix: 'not shown' },
      {
        area: 'engine',
        name: 'docker',
        status: 'blocker',
        found: long,
        fix: long,
        code: 'DISK_FULL',
      },
      { area: 'engine', name: 'memory', status: 'warning', found: '8 GB', fix: 'buy' },
    ]);
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).not.toContain('not shown');
    expect(text).toMatch(/WARNING {2}memory {2}8 GB\n +-> buy\n/);
    expect(text).toContain('(docs/errors.md#disk_full)');
    expect(lines.at(-1)).toBe('1 blocker, 1 warning: see the arrows above');
  });

  it('ends with good news where there is nothing but good news', () => {
    const text = renderChecks([{ area: 'a', name: 'b', status: 'ok', found: 'c' }]);
    expect(text.split('\n').at(-1)).toBe('nothing stands in the way');
  });
});
