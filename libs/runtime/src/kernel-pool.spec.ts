import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { bundleWorker } from '@hecktor/testing';
import { runKernel, type TestJob } from '../fixtures/kernel.ts';
import { createKernelPool } from './index.ts';
import type { KernelPool } from './kernel-pool.ts';

let worker: URL;
const pools: KernelPool<TestJob>[] = [];

function pool(threads: number): KernelPool<TestJob> {
  const made = createKernelPool({ worker, threads, runKernel });
  pools.push(made);
  return made;
}

function jobs(count: number, fields: Partial<TestJob> = {}): TestJob[] {
  const squares = new Float64Array(new SharedArrayBuffer(8 * count));
  const threads = new Int32Array(new SharedArrayBuffer(4 * count));
  return Array.from({ length: count }, (_, index) => ({ index, squares, threads, ...fields }));
}

beforeAll(async () => {
  worker = await bundleWorker(new URL('../fixtures/kernel-worker.ts', import.meta.url));
});
afterAll(() => Promise.all(pools.map((each) => each.close())));

describe('createKernelPool', () => {
  it.each([1, 2, 4])('runs every job exactly once on %i threads', async (threads) => {
    const work = jobs(101);
    await pool(threads).run(work);
    expect([...work[0]!.squares]).toEqual(work.map(({ index }) => index ** 2));
  });

  it('shares the work out between threads', async () => {
    const work = jobs(400, { spinMs: 2 });
    await pool(2).run(work);
    expect(new Set(work[0]!.threads).size).toBe(2);
  });

  it('can be used again and again, with no jobs too', async () => {
    const shared = pool(3);
    for (const count of [5, 0, 1, 2, 50]) {
      const work = jobs(count);
      await shared.run(work);
      expect(work.every(({ squares, index }) => squares[index] === index ** 2)).toBe(true);
    }
  });

  it('reports the error of a job with its code and stays usable', async () => {
    const shared = pool(2);
    const work = jobs(20, { spinMs: 1 }).map((job) => ({ ...job, fail: job.index % 7 === 3 }));
    const error = await shared.run(work).catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, 'INVALID_ARGUMENT')).toBe(true);
    expect((error as Error).message).toContain('job refused');
    await expect(shared.run(jobs(4))).resolves.toBeUndefined();
  });

  it('reports a thread that cannot be started', async () => {
    const broken = createKernelPool<TestJob>({
      worker: new URL('file:///nowhere/worker.mjs'),
      threads: 2,
      runKernel,
    });
    const error = await broken.run(jobs(2, { spinMs: 5 })).catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, 'DEPENDENCY_MISSING')).toBe(true);
    await broken.close();
  });
});
