import { describe, expect, it } from '@jest/globals';
import { createEngine, type Engine } from '../engine/open-engine.ts';
import { SIGNALS, withInterruption } from '../engine/interruption.ts';
import { LAYOUTS } from './run-args.ts';
import { limitsOf } from './limits.ts';
import { PROFILES } from './profile.ts';
import { runContainer, type RunContainerOptions } from './run-container.ts';
import { TASKS } from '../../testing/tasks.ts';

const LIMITS = limitsOf(PROFILES.hecktor25, TASKS.task1);
const OPTIONS: RunContainerOptions = {
  image: 'image',
  layout: LAYOUTS.platform,
  input: '/in',
  output: '/out',
  limits: LIMITS,
  env: {},
};
const ENDED = {
  ExitCode: 0,
  OOMKilled: false,
  StartedAt: '2026-01-01T00:00:00.000000001Z',
  FinishedAt: '2026-01-01T00:01:30.500000000Z',
};
const SEEN = { snmp: 'Ip: OutNoRoutes\nIp: 2\n', snmp6: '', files: 1, bytes: 36 };

interface Behaviour {
  /** Ends only when it is told to stop. */
  waits?: boolean;
  code?: number;
  /** Whether the image has the Node that an observer needs. */
  observable?: boolean;
  /** What a server answers, in turn. */
  answers?: readonly number[];
}

/** An engine whose one container ends in `state`. */
function engineWith(state: object | undefined, behaviour: Behaviour = {}) {
  const { waits = false, code = 0, observable = true } = behaviour;
  const answers = [...(behaviour.answers ?? [])];
  const calls: string[] = [];
  const runs: (readonly string[])[] = [];
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const result = (stdout: string, exitCode = 0) => ({ code: exitCode, stdout, stderr: '' });
  const engine: Engine = createEngine('docker', async (_command, args) => {
    const isObserver = args.includes('--detach');
    calls.push(isObserver ? 'observe' : (args[0] ?? ''));
    switch (args[0]) {
      case 'run':
        if (isObserver) return result('', observable ? 0 : 127);
        runs.push(args);
        if (waits) await stopped;
        return { ...result('first\n', code), stderr: 'the last words' };
      case 'exec':
        if (args.includes('/health') || args.includes('/invoke')) {
          calls.push(args.slice(-3).join(' '));
          return result(JSON.stringify({ status: answers.shift(), seconds: 1 }));
        }
        return result(args.at(-1)!.includes('snmp') ? JSON.stringify(SEEN) : '');
      case 'stop':
        stop();
        return result('');
      case 'container':
        if (args.includes('--format')) return result('0 id');
        return state === undefined ? result('', 1) : result(JSON.stringify([{ State: state }]));
      case 'diff':
        return result('C /opt\nA /opt/cache\nA /input\nA /output');
      default:
        return result('');
    }
  });
  return { engine, calls, runs };
}

describe('runContainer', () => {
  it('reports what was seen and removes everything', async () => {
    const { engine, calls } = engineWith(ENDED);
    const facts = await runContainer(engine, OPTIONS);
    expect(facts).toMatchObject({ exitCode: 0, timedOut: false, oomKilled: false });
    expect(facts.seconds).toBeCloseTo(90.5, 3);
    expect(facts.observation).toEqual({
      refused: { ipv4: 2, ipv6: 0 },
      scratch: { files: 1, bytes: 36 },
    });
    expect(facts.changes).toBeUndefined();
    expect(calls.slice(-3)).toEqual(['rm', 'rm', 'volume']);
  });

  it('lists what was written to a writable root', async () => {
    const { engine, runs } = engineWith(ENDED);
    const facts = await runContainer(engine, { ...OPTIONS, writableRoot: true });
    expect(facts.changes).toEqual(['/opt/cache']);
    expect(runs[0]).not.toContain('--read-only');
  });

  it('runs an image without Node too, with less to see', async () => {
    const { engine, runs } = engineWith(ENDED, { observable: false });
    expect((await runContainer(engine, OPTIONS)).observation).toBeUndefined();
    expect(runs[0]!.join(' ')).toContain('--network none');
    expect(runs[0]!.join(' ')).toContain('--tmpfs /tmp');
  });

  it('gives a server a case twice, clearing the output between, and stops it', async () => {
    const { engine, calls } = engineWith(ENDED, { waits: true, answers: [200, 201, 201] });
    const between = () => Promise.resolve(void calls.push('between'));
    const limits = { ...LIMITS, timeLimit: 300 };
    const facts = await runContainer(engine, { ...OPTIONS, limits, between });
    expect(calls.filter((call) => /\/|between|stop/.test(call))).toEqual([
      ...['GET /health 10', 'POST /invoke 300', 'between', 'POST /invoke 300', 'stop'],
    ]);
    expect(facts).toMatchObject({ exitCode: 0, timedOut: false });
    expect(facts.calls?.invokes).toHaveLength(2);
  });

  it.each([
    ['fails a case', [200, 500], { waits: true }, 1, 'stop'],
    ['ends in a case', [200, 0], { code: 137 }, 137, 'rm'],
  ] as const)('tells of a server that %s', async (_name, answers, more, exitCode, last) => {
    const ended = { ...ENDED, ExitCode: 'code' in more ? more.code : 0 };
    const { engine, calls } = engineWith(ended, { answers, ...more });
    const between = () => Promise.reject(new Error('not reached'));
    expect(await runContainer(engine, { ...OPTIONS, between })).toMatchObject({ exitCode });
    expect(calls).toContain(last);
  });

  it.each([
    ['exit code 3', { ...ENDED, ExitCode: 3 }, 3, { exitCode: 3 }],
    ['the OOM killer', { ...ENDED, OOMKilled: true }, 0, { oomKilled: true }],
  ])('tells %s and removes the container', async (_name, state, code, facts) => {
    const { engine, calls } = engineWith(state, { code });
    expect(await runContainer(engine, OPTIONS)).toMatchObject({
      ...facts,
      stderr: 'the last words',
    });
    expect(calls).toContain('rm');
  });

  it('fails when the engine did not start the container', async () => {
    const { engine, calls } = engineWith(undefined, { code: 125 });
    await expect(runContainer(engine, OPTIONS)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      detail: expect.stringContaining('did not start: the last words'),
    });
    expect(calls.at(-1)).toBe('volume');
  });

  it.each([
    [143, false],
    [137, true],
  ])('stops a container whose time is up; it ends with %d', async (code, ignoredStop) => {
    const { engine, calls } = engineWith({ ...ENDED, ExitCode: code }, { waits: true, code });
    const limits = { ...LIMITS, timeLimit: 0.01 };
    expect(await runContainer(engine, { ...OPTIONS, limits })).toMatchObject({
      timedOut: true,
      ignoredStop,
    });
    expect(calls).toContain('stop');
  });

  it.each(SIGNALS)('stops the container and removes everything at %s', async (name) => {
    const { engine, calls } = engineWith({ ...ENDED, ExitCode: 143 }, { waits: true, code: 143 });
    const before = process.listenerCount(name);
    const running = withInterruption('stopped', (signal) =>
      runContainer(engine, { ...OPTIONS, signal }),
    );
    process.emit(name);
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(calls).toContain('stop');
    expect(calls.slice(-3)).toEqual(['rm', 'rm', 'volume']);
    expect(process.listenerCount(name)).toBe(before);
  });
});
