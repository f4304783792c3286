import { describe, expect, it } from '@jest/globals';
import { recogniseSymptom } from '../../symptoms/recognise-symptom.ts';
import { limitsOf } from '../limits.ts';
import { PROFILES } from '../profile.ts';
import type { RunFacts } from '../run-container.ts';
import { judgeImage } from './judge-image.ts';
import { judgeRun } from './judge-run.ts';
import { finding } from './rules.ts';
import { worstOf } from '../run-case.ts';
import { TASKS } from '../../../testing/tasks.ts';

const LIMITS = limitsOf(PROFILES['grand-challenge'], TASKS.task1);
const GOOD: RunFacts = {
  ...{ exitCode: 0, oomKilled: false, timedOut: false, ignoredStop: false },
  ...{ seconds: 8.26, startUp: 0.1, stdout: '', stderr: '', changes: undefined },
  usage: { peakBytes: 2 ** 29, heldBytes: 2 ** 28, processes: 15, refusedProcesses: 0 },
  observation: { refused: { ipv4: 0, ipv6: 0 }, scratch: { files: 0, bytes: 0 } },
};

function judge(facts: Partial<RunFacts>) {
  const run = { ...GOOD, ...facts };
  const symptom = recogniseSymptom({
    ...{ exitCode: run.exitCode, timedOut: run.timedOut, oomKilled: run.oomKilled },
    ...{ stderrTail: run.stderr, stdoutTail: run.stdout },
  });
  const rows = judgeRun(run, LIMITS, symptom);
  const row = (rule: string) => rows.find((candidate) => candidate.rule === rule);
  return { row, broken: rows.filter((r) => r.verdict === 'broken').map(({ rule }) => rule) };
}

describe('judgeRun', () => {
  it('finds nothing broken in a good run, and tells what was measured', () => {
    const { row, broken } = judge({});
    expect(broken).toEqual([]);
    expect(row('memory')?.observed).toBe('peak 0.5 GiB, 0.25 GiB without file cache');
    expect(row('memory')?.limit).toBe('16 GiB, 15 GiB of data');
    expect(row('time')).toMatchObject({ observed: '8.3 s', limit: '600 s' });
    expect(row('last-line')).toBeUndefined();
  });

  it.each([
    ['time', { exitCode: 137, timedOut: true, ignoredStop: true, stderr: '' }],
    ['memory', { exitCode: 137, oomKilled: true }],
    ['memory', { exitCode: 137 }],
    ['memory', { exitCode: 1, stderr: 'RangeError: Array buffer allocation failed' }],
    ['memory', { exitCode: 0, oomKilled: true }],
    ['writes', { exitCode: 1, stderr: "Error: EROFS: read-only file system, open '/opt/x'" }],
    ['writes', { exitCode: 1, stderr: "Error: EACCES: permission denied, open '/opt/x'" }],
    ['exit', { exitCode: 1, stderr: "Error: EACCES: permission denied, open '/input/ehr.json'" }],
    ['writes', { changes: ['/opt/x'] }],
    ['processes', { exitCode: 1, stderr: 'Error: spawn sleep EAGAIN' }],
    ['processes', { usage: { processes: 24, refusedProcesses: 3 } }],
    ['exit', { exitCode: 3, stderr: 'something else' }],
    ['exit', { exitCode: 1, stderr: 'getaddrinfo EAI_AGAIN, said a program that sent nothing' }],
  ])('holds one rule against a failed run: %s', (rule, facts) => {
    const { broken, row } = judge(facts as Partial<RunFacts>);
    expect(broken).toEqual([rule]);
    expect(row(rule)).toMatchObject({ cause: expect.any(String), fix: expect.any(String) });
    expect(row(rule)?.docs).toMatch(/^docs\/errors\.md#/);
  });

  it('shows attempts to use a network', () => {
    const refused = { ipv4: 2, ipv6: 1 };
    const { row, broken } = judge({ observation: { ...GOOD.observation!, refused } });
    expect(broken).toEqual(['network']);
    expect(row('network')?.observed).toBe('2 IPv4 and 1 IPv6 packets to nowhere');
  });

  it('says what cannot be seen instead of passing it', () => {
    const { row } = judge({ usage: undefined, observation: undefined });
    for (const rule of ['memory', 'processes', 'network']) {
      expect(row(rule)).toMatchObject({ verdict: 'unseen', observed: 'not observable here' });
    }
  });

  it('warns of a run that only just fits into memory', () => {
    const { row } = judge({ usage: { ...GOOD.usage, heldBytes: 15.5 * 2 ** 30 } });
    expect(row('memory')?.verdict).toBe('warning');
  });

  it.each([
    ['', 'stderr is empty'],
    ['Error: x\n    at run (/opt/app/main.mjs:3:5)', '"at run (/opt/app/main.mjs:3:5)"'],
    ['Error: x\n\nNode.js v26.10.0', '"Node.js v26.10.0"'],
  ])('warns of a last line that tells the platform’s user nothing: %j', (stderr, observed) => {
    expect(judge({ exitCode: 1, stderr }).row('last-line')).toMatchObject({
      verdict: 'warning',
      observed,
    });
  });

  it('shows the error itself where the last line is what follows it', () => {
    const stderr = 'x:1\nTypeError: no such thing: y\n    at run (x:1:2)\n\nNode.js v26.10.0';
    expect(judge({ exitCode: 1, stderr }).row('exit')?.observed).toBe(
      '1, saying: TypeError: no such thing: y',
    );
  });

  it.each([
    ['just a string', ['just a string', '(Use `node --trace-uncaught ...` to show where)']],
    ['Error', ['', 'Error', '    at file:///opt/app/main.mjs:1:7']],
    ['ModelFailure: too old', ['', 'ModelFailure: too old', '    at x.mjs:1:7 {', '  a: 1', '}']],
  ])('shows whatever was thrown and not caught: %s', (said, lines) => {
    const thrown = ['{"msg":"starting"}', 'file:///opt/app/main.mjs:1', 'throw it;', '^'];
    const stderr = [...thrown, ...lines, '', 'Node.js v26.10.0'].join('\n');
    expect(judge({ exitCode: 1, stderr }).row('exit')?.observed).toBe(`1, saying: ${said}`);
  });

  it('takes a last line that helps', () => {
    const stderr = 'MODEL_FILE_NOT_FOUND [x.onnx] Model file not found';
    expect(judge({ exitCode: 4, stderr }).row('last-line')?.verdict).toBe('kept');
  });
});

describe('judgeRun of a server', () => {
  const answer = (status: number, seconds = 2) => ({ status, seconds });
  const health = answer(200, 3.21);

  it('tells what it answered, and how long each case took', () => {
    const { row, broken } = judge({ calls: { health, invokes: [answer(201, 5), answer(201, 4)] } });
    expect(broken).toEqual([]);
    expect(row('invoke')).toMatchObject({
      observed: 'health 200 after 3.2 s, invoke 201, invoke 201',
      limit: 'health 200, invoke 201',
    });
    expect(row('time')?.observed).toBe('5.0 s and 4.0 s');
    expect(row('exit')).toBeUndefined();
  });

  it.each([
    ['invoke', [answer(500)], {}, 'health 200 after 3.2 s, invoke 500, saying: X_Y said'],
    ['time', [answer(0, 300)], { timedOut: true }, '300.0 s, then given up'],
    ['memory', [answer(201), answer(0)], { exitCode: 137 }, /killed/],
  ] as const)('holds one rule against a failed one: %s', (rule, invokes, facts, observed) => {
    const run = { exitCode: 1, stderr: 'X_Y said', calls: { health, invokes }, ...facts };
    const { row, broken } = judge(run);
    expect(broken).toEqual([rule]);
    expect(row(rule)?.observed).toEqual(
      typeof observed === 'string' ? observed : expect.stringMatching(observed),
    );
  });

  it('says that it never became healthy', () => {
    const { row } = judge({ exitCode: 1, calls: { health: answer(0, 90), invokes: [] } });
    expect(row('invoke')).toMatchObject({
      observed: 'health no answer after 90.0 s',
      verdict: 'broken',
    });
  });
});

describe('judgeImage', () => {
  const image = {
    ...{ id: 'sha256:1', architecture: 'amd64', user: '65532:65532', size: 3e8 },
    ...{ entrypoint: [], labels: {} },
  };
  const verdicts = (facts: object, limits = LIMITS) =>
    Object.fromEntries(
      judgeImage({ ...image, ...facts } as never, limits).map((row) => [row.rule, row.verdict]),
    );

  it('takes what the platform takes', () => {
    const kept = { user: 'kept', architecture: 'kept', 'image-size': 'kept' };
    expect(verdicts({})).toEqual(kept);
  });

  it.each([
    [{ user: '' }, 'user'],
    [{ user: 'root:root' }, 'user'],
    [{ architecture: 'arm64' }, 'architecture'],
    [{ size: 11e9 }, 'image-size'],
  ])('refuses %j', (facts, rule) => {
    const broken = Object.entries(verdicts(facts)).filter(([, verdict]) => verdict === 'broken');
    expect(broken.map(([name]) => name)).toEqual([rule]);
  });

  it.each([
    [900, 'warning'],
    [600, 'kept'],
    [300, 'warning'],
  ])('judges an image built for %d s under a limit of 600 s: %s', (built, verdict) => {
    const labels = { 'hecktor.time-limit-s': String(built) };
    expect(verdicts({ labels })).toMatchObject({ 'time-limit': verdict });
  });

  it.each([
    ['invoke', 'invoke', 'kept'],
    ['exec', 'invoke', 'broken'],
    ['invoke', undefined, 'broken'],
    ['exec', undefined, undefined],
  ] as const)('judges a test as %s of an image for %s: %s', (api, label, verdict) => {
    const labels = label === undefined ? {} : { 'org.grand-challenge.api-method': label };
    const rows = judgeImage({ ...image, labels } as never, LIMITS, api);
    expect(rows.find(({ rule }) => rule === 'api')?.verdict).toBe(verdict);
  });

  it('warns of an image that may not fit when packed', () => {
    expect(verdicts({ size: 3e9 }, limitsOf(PROFILES.hecktor25, TASKS.task1))).toMatchObject({
      'image-size': 'warning',
    });
  });
});

describe('worstOf', () => {
  const row = (verdict: 'kept' | 'broken' | 'unseen', observed: string) =>
    finding('writes', { observed, verdict });

  it('takes the second run’s word on what was written', () => {
    expect(worstOf([row('kept', 'a')], [row('kept', 'b')], 'x')[0]?.observed).toBe('b');
  });

  it('takes what is broken, and says where it was seen', () => {
    const [merged] = worstOf([row('kept', 'a')], [row('broken', 'b')], 'platform layout');
    expect(merged).toMatchObject({ verdict: 'broken', observed: 'b (platform layout)' });
    expect(worstOf([row('broken', 'a')], [row('kept', 'b')], 'x')[0]?.observed).toBe('a');
  });

  it('keeps rows that only one run has', () => {
    const extra = finding('output-type', { observed: 'uint8', verdict: 'kept' });
    expect(worstOf([row('kept', 'a')], [extra], 'x').map(({ rule }) => rule)).toEqual([
      'writes',
      'output-type',
    ]);
  });
});
