import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CaseReport, Finding } from '@hecktor/container';
import { realDataDir } from '@hecktor/testing';
import { engineForTests } from './engine-for-tests.ts';
import { nx } from './nx-target.ts';

// The way of a participant, by the very commands of the README, for all tasks.
const MINUTE = 60_000;
const engine = await engineForTests();
const withEngine = engine === undefined ? describe.skip : describe;
const realData = realDataDir();
const withRealData = realData === undefined ? it.skip : it;
const folder = mkdtempSync(join(tmpdir(), 'demo-submissions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  passed: boolean;
  profile: string;
  findings: readonly Finding[];
  cases: readonly Pick<CaseReport, 'findings' | 'runs'>[];
}

const verdicts = (rows: readonly Finding[]) => rows.map(({ verdict }) => verdict);
const rowOf = (rows: readonly Finding[], wanted: string) =>
  rows.find(({ rule, title }) => rule === wanted || title.includes(wanted))?.observed;

/** Each with the profile of the bundled patient's run and that of the real pair's. */
const DEMOS = [
  ['task1', 'grand-challenge', 'hecktor25'],
  ['task2', 'grand-challenge', 'hecktor25'],
  ['task3', 'grand-challenge', 'hecktor25'],
  ['hecktor26', 'hecktor26', 'hecktor26'],
] as const;

withEngine.each(DEMOS)('the demonstration of %s', (task, profile, usual) => {
  const tag = `hecktor-demo-${task}:${process.pid}`;
  const archive = join(folder, `submission_${task}.tar.gz`);

  afterAll(async () => {
    await engine?.exec(['image', 'rm', '--force', tag]);
    rmSync(archive, { force: true });
  });

  async function testRun(name: string, ...options: string[]): Promise<Report> {
    const output = join(folder, task, name);
    await nx([
      ...['run', `${task}:docker-test-run`, '--build=false'],
      ...[`--tag=${tag}`, `--output=${output}`, ...options],
    ]);
    return JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as Report;
  }

  it(
    'is built',
    async () => {
      expect(await nx(['run', `${task}:docker-build`, `--tag=${tag}`])).toContain(tag);
    },
    10 * MINUTE,
  );

  withRealData(
    'keeps to the rules on a real CT and PET pair as NIfTI',
    async () => {
      const input = join(folder, task, 'real');
      for (const kind of ['ct', 'pet']) {
        const source = join(realData!, 'petct/STS_002', `${kind.toUpperCase()}_image.nii.gz`);
        mkdirSync(join(input, 'images', kind), { recursive: true });
        cpSync(source, join(input, 'images', kind, 'image.nii.gz'));
      }
      writeFileSync(join(input, 'ehr.json'), '{"Age": NaN, "M-stage": "M0", "Gender": null}');
      const report = await testRun('real-output', `--case=${input}`, '--twice=false');
      expect(report.passed).toBe(true);
      expect(report.profile).toBe(usual);
    },
    10 * MINUTE,
  );

  it(
    `keeps to every rule of ${profile} with the bundled patient`,
    async () => {
      const report = await testRun(profile, `--profile=${profile}`);
      expect(report.passed).toBe(true);
      expect(report.profile).toBe(profile);
      const { findings, runs } = report.cases[0]!;
      expect(verdicts([...report.findings, ...findings])).not.toContain('broken');
      expect(rowOf(findings, 'same-result')).toBe('byte for byte');
      expect(rowOf(findings, 'writes')).toContain('being writable');
      expect(rowOf(findings, 'network')).toBe('none');
      expect(new Set(runs.map(({ layout }) => layout))).toEqual(new Set(['document', 'platform']));
      // ONNX Runtime would leave its usage data there.
      expect(runs.map(({ scratchBytes }) => scratchBytes)).toEqual([0, 0]);
      expect(Object.keys(runs[0]!.stages).join()).toContain('inference');
      if (task === 'task2' || task === 'task3') return;
      expect(rowOf(findings, 'expected output.mha')).toBe('GTVp 1.0000, GTVn 1.0000');
      const page = readFileSync(join(folder, task, profile, 'report.html'), 'utf8');
      expect(page).toContain('src="data:image/png;base64,');
    },
    10 * MINUTE,
  );

  it(
    'is saved, read back, loaded and run again from the archive',
    async () => {
      const said = await nx([
        ...['run', `${task}:docker-save`, `--tag=${tag}`, `--archive=${archive}`],
      ]);
      expect(said).toContain('running the image from the archive');
      const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
      expect(said).toContain(sha256);
      const beside = readdirSync(folder).filter((name) => name.startsWith(`submission_${task}`));
      expect(beside.sort()).toEqual(
        ['cdx.json', 'json', 'tar.gz'].map((end) => `submission_${task}.${end}`),
      );
    },
    10 * MINUTE,
  );
});

const podman = await engineForTests('podman');
(podman === undefined ? describe.skip : describe)('the demonstration of task3 with Podman', () => {
  const tag = `hecktor-demo-podman:${process.pid}`;
  const archive = join(folder, 'submission_podman.tar.gz');
  const named = ['--engine=podman', `--tag=${tag}`];

  afterAll(async () => {
    await podman?.exec(['image', 'rm', '--force', tag]);
  });

  it(
    'is built, tested, saved and run again from the archive',
    async () => {
      const output = join(folder, 'podman');
      const tested = await nx(['run', 'task3:docker-test-run', ...named, `--output=${output}`]);
      expect(tested).toContain('task3 keeps to the rules of hecktor25');
      const saved = await nx(['run', 'task3:docker-save', ...named, `--archive=${archive}`]);
      expect(saved).toContain('running the image from the archive');
      expect(saved).toContain(`saved ${archive}`);
    },
    10 * MINUTE,
  );
});
