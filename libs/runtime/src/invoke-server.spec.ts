import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { createLog, serveInvokes } from './index.ts';

let stop: AbortController;
let done: Promise<void>;
beforeEach(() => {
  stop = new AbortController();
  done = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await done;
});

/** Starts a server; returns how to ask it. */
async function serve(invoke: (gone: AbortSignal) => Promise<void>) {
  const port = await new Promise<unknown>((resolve) => {
    done = serveInvokes({
      ...{ port: 0, invoke, signal: stop.signal },
      onFailure: (thrown) => (thrown as Error).message,
      log: createLog((_level, _message, fields) => resolve(fields?.['port'])),
    });
  });
  const ask = async (method: string, path: string, signal?: AbortSignal) => {
    const url = `http://127.0.0.1:${String(port)}${path}`;
    const response = await fetch(url, { method, ...(signal && { signal }) });
    return [response.status, (await response.text()).trim()];
  };
  return { ask, port: port as number };
}

describe('serveInvokes', () => {
  it.each([
    ['GET', '/health', 200, 'ready'],
    ['POST', '/invoke', 201, 'done'],
    ['POST', '/invoke?x=1', 201, 'done'],
    ['GET', '/invoke', 405, '/invoke takes POST'],
    ['POST', '/health', 405, '/health takes GET'],
    ['GET', '/', 404, 'there is /health and /invoke'],
  ])('answers %s %s with %d', async (method, path, ...answer) => {
    const { ask } = await serve(() => Promise.resolve());
    expect(await ask(method, path)).toEqual(answer);
  });

  it('answers a case that fails with 500 and its line, and serves the next', async () => {
    let cases = 0;
    const { ask } = await serve(() =>
      ++cases === 1 ? Promise.reject(new Error('no CT')) : Promise.resolve(),
    );
    expect(await ask('POST', '/invoke')).toEqual([500, 'no CT']);
    expect(await ask('POST', '/invoke')).toEqual([201, 'done']);
  });

  it('takes one case at a time, and stays healthy meanwhile', async () => {
    const told: string[] = [];
    let cases = 0;
    const { ask } = await serve(async () => {
      const number = ++cases;
      told.push(`begin ${number}`);
      await pause(50);
      told.push(`end ${number}`);
    });
    const both = Promise.all([ask('POST', '/invoke'), ask('POST', '/invoke')]);
    expect(await ask('GET', '/health')).toEqual([200, 'ready']);
    await both;
    expect(told).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('tells a case that who asked has hung up, and does not start one that nobody waits for', async () => {
    const reasons: unknown[] = [];
    const client = new AbortController();
    const { ask } = await serve(
      (gone) =>
        new Promise((_, reject) => {
          gone.addEventListener('abort', () => {
            reasons.push(gone.reason);
            reject(gone.reason as Error);
          });
          setTimeout(() => client.abort(), 50);
        }),
    );
    const hangUp = () => ask('POST', '/invoke', client.signal).catch(() => 'gone');
    expect(await Promise.all([hangUp(), hangUp()])).toEqual(['gone', 'gone']);
    stop.abort();
    await done;
    expect(reasons.map((reason) => isHecktorError(reason, 'INTERRUPTED'))).toEqual([true]);
  });

  it('answers the case at hand before it ends', async () => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const { ask } = await serve(async () => {
      begin();
      await pause(50);
    });
    const answer = ask('POST', '/invoke');
    await begun;
    stop.abort();
    expect(await answer).toEqual([201, 'done']);
    await done;
  });

  it('says that its port is taken', async () => {
    const { port } = await serve(() => Promise.resolve());
    const second = serveInvokes({
      ...{ port, signal: stop.signal, log: createLog(() => undefined) },
      ...{ invoke: () => Promise.resolve(), onFailure: () => '' },
    });
    await expect(second).rejects.toThrow(/^CONFIG_INVALID .*port \d+ cannot be used.*HECKTOR_PORT/);
  });
});
