import { describe, expect, it } from '@jest/globals';
import { createEngine, type Engine } from '../engine/open-engine.ts';
import { LAYOUTS } from './layouts.ts';
import { runContainer, type RunContainerOptions } from './run-container.ts';

const OPTIONS: RunContainerOptions = {
  image: 'image',
  layout: LAYOUTS.platform,
  input: '/in',
  output: '/out',
  cpus: 2,
  memory: '16g',
  env: {},
  timeLimit: 100,
};
const ENDED = {
  ExitCode: 0,
  OOMKilled: false,
  StartedAt: '2026-01-01T00:00:00.000000001Z',
  FinishedAt: '2026-01-01T00:01:30.500000000Z',
};

/** An engine whose one container ends in `state`, at once or when it is told to stop. */
function engineWith(state: object | undefined, { waits = false, code = 0 } = {}) {
  const calls: string[] = [];
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const engine: Engine = createEngine('docker', async (_command, args) => {
    calls.push(args[0] ?? '');
    const result = (stdout: string, exitCode = 0) => ({ code: exitCode, stdout, stderr: '' });
    if (args[0] === 'stop') stop();
    if (args[0] === 'run' && waits) await stopped;
    if (args[0] === 'run') return { ...result('', code), stderr: 'the last words' };
    if (args[0] === 'container') {
      return state === undefined ? result('', 1) : result(JSON.stringify([{ State: state }]));
    }
    return result('');
  });
  return { engine, calls };
}

describe('runContainer', () => {
  it('reports the container’s own time and removes it', async () => {
    const { engine, calls } = engineWith(ENDED);
    expect((await runContainer(engine, OPTIONS)).seconds).toBeCloseTo(90.5, 3);
    expect(calls).toEqual(['run', 'container', 'rm']);
  });

  it.each([
    ['exit code 3', { ...ENDED, ExitCode: 3 }, 3, 'CHECK_FAILED', 'the last words'],
    ['a kill', { ...ENDED, ExitCode: 137 }, 137, 'OUT_OF_MEMORY', 'was killed'],
    ['the OOM killer', { ...ENDED, OOMKilled: true }, 0, 'OUT_OF_MEMORY', 'was killed'],
    ['an engine that did not start it', undefined, 125, 'ENGINE_FAILED', 'did not start'],
  ])('names %s and removes the container', async (_name, state, code, error, text) => {
    const { engine, calls } = engineWith(state, { code });
    await expect(runContainer(engine, OPTIONS)).rejects.toMatchObject({
      code: error,
      detail: expect.stringContaining(text),
    });
    expect(calls.at(-1)).toBe('rm');
  });

  it('stops a container whose time is up', async () => {
    const { engine, calls } = engineWith({ ...ENDED, ExitCode: 143 }, { waits: true, code: 143 });
    await expect(runContainer(engine, { ...OPTIONS, timeLimit: 0.01 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect(calls).toEqual(['run', 'stop', 'container', 'rm']);
  });

  it('stops the container when the person interrupts', async () => {
    const { engine, calls } = engineWith({ ...ENDED, ExitCode: 143 }, { waits: true, code: 143 });
    const before = process.listenerCount('SIGINT');
    const running = runContainer(engine, OPTIONS);
    process.emit('SIGINT');
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(calls).toContain('stop');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
