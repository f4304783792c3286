import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HecktorError } from '@hecktor/errors';
import { bundleWorker } from '@hecktor/testing';
import {
  createLog,
  keepWorker,
  superviseWorker,
  workersHaveLeft,
  type KeptWorker,
} from './index.ts';

let url: URL;
let worker: KeptWorker;
beforeAll(async () => {
  url = await bundleWorker(new URL('../fixtures/job-worker.ts', import.meta.url));
});
beforeEach(() => {
  worker = keepWorker(url);
});
afterEach(() => worker.close());

const run = (data: string, signal: AbortSignal = new AbortController().signal) =>
  superviseWorker({
    ...{ worker, data, signal, graceMs: 100 },
    log: createLog(() => undefined),
    progress: { update: () => undefined, stop: () => undefined },
  });

describe('keepWorker', () => {
  it('gives job after job to one thread', async () => {
    const first = await run('thread');
    await run('answer');
    expect(await run('thread')).toBe(first);
  });

  it.each(['refuse', 'memory', 'late', 'vanish'])('takes a new thread after %s', async (job) => {
    const first = await run('thread');
    await expect(run(job)).rejects.toThrow(HecktorError);
    expect(await run('thread')).not.toBe(first);
  });

  it('takes a new thread when something fails that a job left running', async () => {
    const first = await run('thread, then fail');
    await pause(100);
    expect(await run('thread')).not.toBe(first);
  });

  it.each(['spin', 'steps'])('takes a new thread while %s hangs', async (job) => {
    const first = await run('thread');
    const stop = new AbortController();
    setTimeout(() => stop.abort(new HecktorError('TIMEOUT')), 50);
    await expect(run(job, stop.signal)).rejects.toThrow('TIMEOUT');
    expect(await run('thread')).not.toBe(first);
    expect(await workersHaveLeft()).toBe(true);
  });
});
