import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitsOf } from '../limits.ts';
import { PROFILES } from '../profile.ts';
import { finding, note } from '../rules/rules.ts';
import { comparison } from '../compare-outputs.ts';
import type { CaseReport, TestRunReport } from './report.ts';
import { summary, toText } from './to-text.ts';
import { toHtml } from './to-html.ts';
import { toVerdict } from '../../save/verdict.ts';
import { writeReports } from './write-reports.ts';
import { TASKS } from '../../../testing/tasks.ts';

const CASE: CaseReport = {
  ...{ name: 'patient <1>', input: '/cases/1', output: '/out' },
  findings: [
    finding('exit', { observed: '0', limit: '0', verdict: 'kept' }),
    finding('network', { observed: '2 IPv4 packets', limit: 'none', verdict: 'broken' }),
    note('Dice with the expected output.mha', 'GTVp 1.0000'),
  ],
  runs: [
    {
      ...{ layout: 'document', writableRoot: false, exitCode: 0, seconds: 8, startUp: 0.1 },
      ...{ stages: { reading: 1, inference: 3, total: 4 }, peakBytes: 2 ** 29, cpuSeconds: 12 },
      ...{ outputBytes: 39_346, scratchBytes: 0 },
    },
  ],
  outputs: { 'rfs.json': 'ab' },
  picture: Uint8Array.of(1, 2, 3),
};
const REPORT: TestRunReport = {
  ...{ task: 'task1', profile: 'hecktor25', startedAt: '2026-01-01T10:00:00.000Z', passed: false },
  image: { tag: 'hecktor-task1:latest', id: 'sha256:0123456789abcdef', size: 3e8 },
  ...{ api: 'exec', limits: limitsOf(PROFILES.hecktor25, TASKS.task1) },
  findings: [finding('user', { observed: 'user 65532', limit: 'not root', verdict: 'kept' })],
  cases: [CASE],
};
const SEVERAL = { ...REPORT, cases: [CASE, { ...CASE, name: 'patient-2', findings: [] }] };
const PLAIN = { width: 110, colour: false };

describe('toText', () => {
  it('ends a table of rule, observed, limit and verdict with cause and fix', () => {
    const lines = toText(REPORT, PLAIN).split('\n');
    expect(lines[0]).toMatch(/^rule +observed +limit +verdict$/);
    expect(lines.find((line) => line.includes('2 IPv4 packets'))).toMatch(/none +BROKEN$/);
    expect(lines.join('\n')).toMatch(/BROKEN: no attempt .*\n {2}likely cause: .*\n {2}fix: .*/);
  });

  it('shows a case whose name would move the cursor in one line', () => {
    const hostile = { ...CASE, name: '\x1b[2Ja\nb', findings: [] };
    const shown = toText({ ...REPORT, cases: [CASE, hostile] }, PLAIN);
    expect(shown).toContain('\na\\x0ab: ok');
    expect(shown).not.toContain('\x1b');
    expect(toHtml({ ...REPORT, cases: [hostile] })).toContain('Case a\\x0ab<');
  });

  it('shows the time of each case of a server', () => {
    const runs = [{ ...CASE.runs[0]!, invokes: [3.456, 2] }];
    const shown = toText({ ...REPORT, cases: [{ ...CASE, runs }] }, { width: 400, colour: false });
    expect(shown).toContain('case 3.46 s, case 2.00 s, CPU');
  });

  it('shows what was measured', () => {
    const shown = toText(REPORT, { width: 400, colour: false });
    expect(shown).toContain('CPU 12.0 s (1.5 CPUs), peak memory 0.5 GiB, wrote 39 kB');
    expect(shown).toContain('reading 1.00, inference 3.00, total 4.00');
  });

  it.each([60, 80, 160])('keeps to a terminal of %d columns where words allow it', (width) => {
    for (const line of toText(REPORT, { width, colour: false }).split('\n').slice(0, 6)) {
      expect(line.length).toBeLessThanOrEqual(Math.max(width, 110));
    }
  });

  it('paints verdicts only where it may', () => {
    expect(toText(REPORT, { width: 110, colour: true })).toContain('\x1b[31mBROKEN\x1b[0m');
    expect(toText(REPORT, PLAIN)).not.toContain('\x1b');
  });

  it('tells of several cases what is wrong with each', () => {
    const shown = toText(SEVERAL, PLAIN);
    expect(shown).toMatch(/^patient <1>: BROKEN, 8\.0 s$/m);
    expect(shown).toMatch(/^patient-2: ok, 8\.0 s$/m);
  });
});

describe('summary', () => {
  it('names the broken rules, or says that there are none', () => {
    expect(summary(REPORT)).toBe(
      'task1 breaks the rules of hecktor25: no attempt to use a network',
    );
    expect(summary(SEVERAL)).toContain('breaks the rules of hecktor25 on 1 of 2 cases: no attempt');
    const good = { ...REPORT, passed: true, cases: [] };
    expect(summary(good)).toBe('task1 keeps to the rules of hecktor25');
  });
});

describe('toHtml', () => {
  const page = toHtml(REPORT);

  it('is one page that loads nothing', () => {
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|@import|https?:|src="(?!data:)|url\(/);
    expect(page).toContain('src="data:image/png;base64,AQID"');
    expect(page).toContain('prefers-color-scheme:dark');
  });

  it('closes every element it opens', () => {
    const open: string[] = [];
    for (const [, slash, name] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta', 'br', 'img'].includes(name!)) continue;
      if (slash === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('escapes what comes from outside', () => {
    expect(page).toContain('patient &lt;1&gt;');
    expect(page).not.toContain('patient <1>');
  });

  it('lists several cases and links to each', () => {
    expect(toHtml(SEVERAL)).toContain('<a href="#case-2">patient-2</a>');
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are written beside the output, with the verdict that docker-save asks for', async () => {
    const verdict = join(folder, 'dist/task1/verdict.json');
    const files = await writeReports(REPORT, { folder, verdict });
    const json = JSON.parse(await readFile(files.json, 'utf8')) as TestRunReport;
    expect(json.cases[0]).toMatchObject({ name: 'patient <1>', outputs: { 'rfs.json': 'ab' } });
    expect(json.cases[0]).not.toHaveProperty('picture');
    expect(await readFile(files.html, 'utf8')).toContain('</html>');
    expect(JSON.parse(await readFile(verdict, 'utf8'))).toEqual({
      ...{
        isCutShort: false,
        imageId: 'sha256:0123456789abcdef',
        profile: 'hecktor25',
        limits: { cpus: 2, memoryBytes: 16 * 2 ** 30, timeLimit: 900 },
        api: 'exec',
        passed: false,
      },
      ...{ cases: ['patient <1>'], outputs: { 'rfs.json': 'ab' } },
    });
  });

  it('name the outputs of several cases by case', () => {
    expect(Object.keys(toVerdict(SEVERAL).outputs)).toEqual([
      'patient <1>/rfs.json',
      'patient-2/rfs.json',
    ]);
  });

  describe('comparison', () => {
    const stdout = '{"msg":"model loaded","sha256":"mine"}';
    const sound = {
      ...{ ...CASE, name: 'one' },
      findings: [finding('output-files', { observed: 'that', verdict: 'kept' })],
    };
    const compare = (several = false) =>
      comparison(
        { ...sound, output: folder },
        { outputs: TASKS.task2.outputs, folder: join(folder, 'gold'), stdout, several },
      );
    const put = async (path: string, content: string) => {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), content);
    };
    beforeEach(() => put('rfs.json', '1.5'));

    it('is made with outputs for any weights, and with those of the same weights', async () => {
      await put('gold/rfs.json', '1.5');
      expect((await compare())[0]?.observed).toContain('difference 0.0e+0');
      await put('gold/weights.json', '{"name":"mine","models":["mine"]}');
      expect((await compare())[0]?.observed).toContain('difference 0.0e+0');
    });

    it('is not made with what other weights gave', async () => {
      await put('gold/rfs.json', '1.5');
      await put('gold/weights.json', '{"name":"the demonstration weights","models":["theirs"]}');
      expect((await compare())[0]?.observed).toMatch(/^no: the demonstration weights made it/);
    });

    it('of several cases looks into the folder of the case’s name', async () => {
      await put('gold/one/rfs.json', '1.0');
      expect((await compare(true))[0]?.observed).toContain('difference 5.0e-1');
    });
  });
});
