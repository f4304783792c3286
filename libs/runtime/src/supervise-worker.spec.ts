import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { bundleWorker } from '@hecktor/testing';
import { createLog, superviseWorker } from './index.ts';
import { workersHaveLeft } from './supervise-worker.ts';

let worker: URL;
beforeAll(async () => {
  worker = await bundleWorker(new URL('../fixtures/job-worker.ts', import.meta.url));
});

async function run(job: string, signal: AbortSignal = new AbortController().signal, graceMs = 500) {
  const said: string[] = [];
  const result = await superviseWorker<{ data: Uint8Array }>({
    worker,
    data: job,
    signal,
    graceMs,
    log: createLog((level, message) => said.push(`${level} ${message}`)),
    progress: {
      update: (stage, fraction) => said.push(`${stage} ${fraction}`),
      stop: () => said.push('stop'),
    },
  }).catch((error: unknown) => error);
  return { result, said };
}

describe('superviseWorker', () => {
  it('passes on log lines, progress and the result', async () => {
    const { result, said } = await run('answer');
    expect([...(result as { data: Uint8Array }).data]).toEqual([4, 2]);
    expect(said).toEqual(['info working', 'stage 0.5', 'stop']);
  });

  it('keeps code, file, detail, cause and fix of an error', async () => {
    const { result } = await run('refuse');
    expect(isHecktorError(result, 'IMAGES_DO_NOT_OVERLAP')).toBe(true);
    expect(result).toMatchObject({
      file: 'ct.mha',
      detail: 'apart',
      likelyCause: 'a cause',
      fix: 'a fix',
    });
    expect((result as Error).stack).toContain('worker.mjs');
  });

  it.each([
    ['memory', 'OUT_OF_MEMORY', 'Array buffer allocation failed'],
    ['late', 'INTERNAL', 'thrown in a timer'],
    ['vanish', 'INTERNAL', 'ended with code 3'],
  ] as const)('reports %s as %s', async (job, code, detail) => {
    const { result } = await run(job);
    expect(isHecktorError(result, code)).toBe(true);
    expect((result as Error).message).toContain(detail);
  });

  it('ends a worker that is busy', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new HecktorError('TIMEOUT')), 100);
    const { result, said } = await run('spin', stop.signal);
    expect(isHecktorError(result, 'TIMEOUT')).toBe(true);
    expect(said).toEqual(['stop']);
  });

  it('hands on what a worker has before it is done', async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    const result = await superviseWorker({
      ...{ worker, data: 'better and better', signal: stop.signal, graceMs: 100 },
      log: createLog(() => undefined),
      progress: { update: () => undefined, stop: () => undefined },
      onInterim: (value) => {
        seen.push(value);
        if (value === 2) stop.abort(new HecktorError('TIMEOUT'));
      },
    }).catch((error: unknown) => error);
    expect(seen).toEqual([1, 2]);
    expect(isHecktorError(result, 'TIMEOUT')).toBe(true);
  });

  it('lets a worker finish its step and stop by itself, so that none is ended in native code', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new HecktorError('TIMEOUT')), 100);
    const { result } = await run('steps', stop.signal, 3_600_000);
    expect(isHecktorError(result, 'TIMEOUT')).toBe(true);
    // By force it would take longer than the test may.
    expect(await workersHaveLeft()).toBe(true);
  });

  it('gives up on a worker that native code holds', async () => {
    const pipe = namedPipe();
    const stop = new AbortController();
    setTimeout(() => stop.abort(new HecktorError('TIMEOUT')), 300);
    const { result } = await run(pipe, stop.signal, 100);
    expect(isHecktorError(result, 'TIMEOUT')).toBe(true);
    expect(await workersHaveLeft()).toBe(false);
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  });

  it('lets the process end although native code holds its worker', async () => {
    const program = await bundleWorker(new URL('../fixtures/stuck-program.ts', import.meta.url));
    const run = spawnSync(process.execPath, [fileURLToPath(program), namedPipe()], {
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGUSR2',
    });
    expect([run.status ?? run.signal]).toContain('execve' in process ? 6 : 'SIGTERM');
    expect(run.stderr).toMatch(/^TIMEOUT .*\n$/);
  });

  it('starts nothing when the signal has fired already', async () => {
    const { result } = await run('answer', AbortSignal.abort(new HecktorError('INTERRUPTED')));
    expect(isHecktorError(result, 'INTERRUPTED')).toBe(true);
  });
});

function namedPipe(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'pipe-')), 'pipe');
  execFileSync('mkfifo', [file]);
  return file;
}
