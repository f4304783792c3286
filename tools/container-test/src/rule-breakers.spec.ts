import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  findCases,
  parseProfile,
  summary,
  appAt,
  testRun,
  toText,
  type Finding,
  type TestRunReport,
} from '@hecktor/container';
import { writeVolume } from '@hecktor/image-io';
import { createGrid, createVolume } from '@hecktor/volume';
import { rmSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';
import { inParallel } from './in-parallel.ts';

const MINUTE = 60_000;
const breakers = fileURLToPath(new URL('../breakers', import.meta.url));
const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const tag = `hecktor-rule-breaker:${process.pid}`;
const IMAGES = [tag, `${tag}-root`, `${tag}-arm64`];

const engine = await engineForTests();
const withEngine = engine === undefined ? describe.skip : describe;

let folder: string;

/** Tight limits, so that they are reached soon and without harm. */
const TIGHT = parseProfile(
  JSON.stringify({
    name: 'tight',
    extends: 'grand-challenge',
    // Enough for what takes none of it on purpose: a warning near the limit would be a second one.
    memory: '512m',
    data: null,
    timeLimit: 30,
    grace: 1,
    processes: 24,
  }),
);

interface Breaker {
  name: string;
  /** The rule that must be named; undefined: none. */
  rule: string | undefined;
  task?: string;
  profile?: Partial<typeof TIGHT>;
  image?: string;
  /** What the row says. */
  says?: RegExp;
}

const folders = new Map<string, number>();

async function run({ name, task = 'task1', profile = {}, image = tag }: Breaker) {
  const times = (folders.get(name) ?? 0) + 1;
  folders.set(name, times);
  const report = await testRun(engine!, {
    app: appAt(workspace, task),
    image,
    profile: { ...TIGHT, ...profile },
    cases: [{ name: 'tiny', folder: join(folder, 'case') }],
    output: join(folder, 'output', `${name}-${times}`),
    env: { BREAK: name },
  });
  return { report, rows: [...report.findings, ...report.cases.flatMap((one) => one.findings)] };
}

const broken = (rows: readonly Finding[]) => rows.filter(({ verdict }) => verdict === 'broken');

async function buildBreakers(): Promise<void> {
  const context = join(folder, 'context');
  await cp(breakers, context, { recursive: true });
  await mkdir(join(context, 'root/opt/cache'), { recursive: true });
  await chmod(join(context, 'root/opt/cache'), 0o777);
  await engine!.require(['build', '--network', 'none', '--tag', tag, context]);
  await writeFile(join(context, 'Dockerfile'), `FROM ${tag}\nUSER root\n`);
  await engine!.require(['build', '--network', 'none', '--tag', `${tag}-root`, context]);
  const nothing = 'FROM scratch\nCOPY breaker.mjs /\nUSER 65532:65532\nCMD ["/none"]\n';
  await writeFile(join(context, 'Dockerfile'), nothing);
  await engine!.require([
    ...['build', '--platform', 'linux/arm64', '--tag', `${tag}-arm64`, context],
  ]);
}

async function makeCase(): Promise<void> {
  const grid = createGrid([12, 10, 8], { spacing: [2, 2, 3], origin: [5, -6, 7] });
  for (const [kind, data] of [
    ['ct', new Int16Array(960)],
    ['pet', new Float32Array(960)],
  ] as const) {
    await mkdir(join(folder, 'case/images', kind), { recursive: true });
    await writeVolume(join(folder, 'case/images', kind, 'image.mha'), createVolume(grid, data));
  }
  await writeFile(join(folder, 'case/ehr.json'), '{}');
}

withEngine('a container that breaks a rule', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rule-breakers-'));
    await chmod(folder, 0o755);
    await makeCase();
    await buildBreakers();
  }, 5 * MINUTE);

  afterAll(async () => {
    await engine?.exec(['image', 'rm', '--force', ...IMAGES]);
    await rm(folder, { recursive: true, force: true });
  });

  const BREAKERS: readonly Breaker[] = [
    { name: 'nothing', rule: undefined },
    { name: 'writes-quietly', rule: 'writes', says: /\/opt\/cache\/weights\.bin/ },
    { name: 'writes-and-fails', rule: 'writes' },
    { name: 'extra-file', rule: 'output-files', says: /also images\/cache\.bin/ },
    { name: 'no-output', rule: 'output-files', says: /nothing was written/ },
    { name: 'float-mask', rule: 'output-type', says: /float32/ },
    { name: 'wrong-labels', rule: 'output-labels', says: /0, 1, 3/ },
    { name: 'wrong-grid', rule: 'output-grid', says: /origin/ },
    { name: 'number-as-text', task: 'task2', rule: 'output-type', says: /string: "0\.5"/ },
    { name: 'not-a-number', task: 'task2', rule: 'output-type', says: /NaN.*null/ },
    { name: 'number-for-boolean', task: 'task3', rule: 'output-type', says: /number: 1/ },
    { name: 'connects', rule: 'network', says: /1 IPv4 packet to nowhere/ },
    { name: 'connects-ipv6', rule: 'network', says: /1 IPv6 packet to nowhere/ },
    { name: 'looks-up', rule: 'network', says: /IPv4 packets to nowhere/ },
    { name: 'talks-to-itself', rule: undefined },
    { name: 'downloads-and-fails', rule: 'network' },
    { name: 'sleeps', rule: 'time', profile: { timeLimit: 4 }, says: /then stopped$/ },
    { name: 'ignores-stop', rule: 'time', profile: { timeLimit: 4 }, says: /ignored SIGTERM/ },
    { name: 'takes-memory', rule: 'memory', profile: { memory: '192m' }, says: /killed/ },
    { name: 'takes-data', rule: 'memory', profile: { data: '1g' } },
    { name: 'starts-processes', rule: 'processes', says: /refused/ },
    { name: 'starts-processes-and-fails', rule: 'processes' },
    { name: 'throws', rule: 'exit', says: /1, saying: / },
    { name: 'opens-files', rule: 'exit', profile: { openFiles: 100 }, says: /EMFILE/ },
    { name: 'fails-silently', rule: 'exit', says: /^9$/ },
    { name: 'nothing', image: `${tag}-root`, rule: 'user', says: /root/ },
    { name: 'nothing', image: `${tag}-arm64`, rule: 'architecture', says: /arm64/ },
    { name: 'nothing', profile: { image: 1000 }, rule: 'image-size', says: /unpacked/ },
  ];

  const reportOf = inParallel(BREAKERS, run);

  it.each(BREAKERS.map((breaker) => [`${breaker.name} ${breaker.image ?? ''}`, breaker] as const))(
    '%s: the report names the broken rule and nothing else',
    async (_name, breaker) => {
      const { report, rows } = await reportOf(breaker);
      expect(broken(rows).map(({ rule }) => rule)).toEqual(
        breaker.rule === undefined ? [] : [breaker.rule],
      );
      expect(report.passed).toBe(breaker.rule === undefined);
      const [row] = broken(rows);
      if (row === undefined) return;
      if (breaker.says !== undefined) expect(row.observed).toMatch(breaker.says);
      expect(row.cause).toBeTruthy();
      expect(row.fix).toBeTruthy();
      expectReadable(report, row);
    },
    5 * MINUTE,
  );

  it(
    'in one of several cases is named for that case alone',
    async () => {
      await cp(join(folder, 'case'), join(folder, 'cases/a'), { recursive: true });
      await cp(join(folder, 'case'), join(folder, 'cases/b'), { recursive: true });
      const output = join(folder, 'output-of-cases');
      const seen: string[] = [];
      const report = await testRun(engine!, {
        ...{ app: appAt(workspace, 'task1'), image: tag, profile: TIGHT, output },
        cases: await findCases([join(folder, 'cases')]),
        env: { BREAK: 'nothing' },
        onRun: ({ case: { name }, number, of }) => seen.push(`${number}/${of} ${name}`),
        // What the second case lacks is taken from it when the first is done.
        onCase: ({ name }) => {
          if (name === 'a') rmSync(join(folder, 'cases/b/images'), { recursive: true });
        },
      });
      expect(seen).toEqual(['1/2 a', '1/2 a', '2/2 b']);
      expect(report.passed).toBe(false);
      expect(report.cases.map(({ findings }) => broken(findings).map(({ rule }) => rule))).toEqual([
        [],
        ['exit'],
      ]);
      expect(Object.keys(report.cases[0]!.outputs)).toHaveLength(1);
      expect(report.cases[0]!.output).toBe(join(output, 'a'));
      // The file is named as it is called on this machine.
      expect(broken(report.cases[1]!.findings)[0]!.observed).toContain(join(folder, 'cases/b'));
    },
    MINUTE,
  );

  const doubtful = inParallel(['empty-mask', 'varies', 'fails-silently', 'throws'], (name) =>
    run({ name, rule: undefined }),
  );

  it.each([
    ['empty-mask', 'output-plausible', true, /empty/],
    ['varies', 'same-result', true, /output\.mha differ/],
    ['fails-silently', 'last-line', false, /stderr is empty/],
    ['throws', 'last-line', false, /Node\.js v/],
  ])(
    '%s: the report doubts %s',
    async (name, rule, passed, says) => {
      const { report, rows } = await doubtful(name);
      expect(report.passed).toBe(passed);
      const doubted = rows.filter(({ verdict }) => verdict === 'warning');
      expect(doubted.map((row) => row.rule)).toEqual([rule]);
      expect(doubted[0]!.observed).toMatch(says);
    },
    MINUTE,
  );
});

function expectReadable(report: TestRunReport, row: Finding): void {
  const shown = toText(report, { width: 120, colour: false });
  expect(shown).toContain(row.title);
  expect(shown).toContain(`fix: ${row.fix}`);
  expect(shown).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(summary(report)).toContain(row.title);
}
