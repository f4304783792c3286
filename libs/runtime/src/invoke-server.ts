import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { HecktorError } from '@hecktor/errors';
import type { Log } from './log.ts';

interface InvokeServerOptions {
  /** 0: any that is free; the log says which. */
  readonly port: number;
  /** Handles the case that is there; `gone` fires when nobody waits for the answer any more. */
  readonly invoke: (gone: AbortSignal) => Promise<void>;
  /** Tells of a case that failed, and gives the line for the answer. */
  readonly onFailure: (thrown: unknown) => string;
  /** Ends the server. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

const METHODS: Readonly<Record<string, string>> = { '/health': 'GET', '/invoke': 'POST' };

/**
 * Serves grand-challenge.org's invoke form of a container until `signal` fires: `GET /health` gives
 * 200, `POST /invoke` 201 when the output is there and 500 when the case failed; the server stays for
 * the next one. The platform asks for one case at a time; more wait for their turn. It hangs up on a
 * case that takes too long, which must not write any more then: its folders are those of the next.
 *
 * @throws HecktorError CONFIG_INVALID when the port is taken.
 */
export async function serveInvokes(options: InvokeServerOptions): Promise<void> {
  const { invoke, onFailure, signal, log } = options;
  let last: Promise<void> = Promise.resolve();
  /** Never rejects. */
  const handle = async (response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.on('close', () => {
      const detail = 'the connection was closed before the answer';
      if (!response.writableFinished) gone.abort(new HecktorError('INTERRUPTED', { detail }));
    });
    const before = last;
    let over = (): void => undefined;
    last = new Promise((resolve) => (over = resolve));
    await before;
    try {
      gone.signal.throwIfAborted();
      await invoke(gone.signal);
      answer(response, 201, 'done');
    } catch (error) {
      answer(response, 500, onFailure(error));
    }
    // Said to the end, or to nobody.
    await finished(response).catch(() => undefined);
    over();
  };
  const server = createServer((request, response) => {
    request.resume();
    const path = request.url?.split('?', 1)[0] ?? '';
    const method = METHODS[path];
    if (method === undefined) answer(response, 404, 'there is /health and /invoke');
    else if (method !== request.method) answer(response, 405, `${path} takes ${method}`);
    else if (path === '/health') answer(response, 200, 'ready');
    else void handle(response);
  });
  await listen(server.listen(options.port, '0.0.0.0'), options.port);
  const { port } = server.address() as AddressInfo;
  log.info('ready', { port });
  if (!signal.aborted) await once(signal, 'abort');
  server.close();
  await last;
  server.closeAllConnections();
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (origin) {
    throw new HecktorError('CONFIG_INVALID', {
      ...{ detail: `port ${port} cannot be used: ${(origin as Error).message}`, origin },
      cause: 'another program serves there',
      fix: 'end it, or set HECKTOR_PORT',
    });
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
