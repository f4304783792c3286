import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { niftiParts } from '@hecktor/image-io';
import { toHecktorError } from '@hecktor/runtime';
import type { ApiError, StudyInfo } from './api.ts';
import { openCaseFiles, type CaseFiles } from './case-files.ts';
import type { Study } from './study.ts';

export interface Viewer {
  readonly url: string;
  close(): void;
}

/** All that is served from the page's folder. */
const PAGE = new Map([
  ['/', ['index.html', 'text/html; charset=utf-8']],
  ['/viewer.js', ['viewer.js', 'text/javascript; charset=utf-8']],
  ['/viewer.css', ['viewer.css', 'text/css; charset=utf-8']],
] as const);

const HEADERS = {
  // NiiVue's font is a data: URL.
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Patients stay out of the browser's cache.
  'Cache-Control': 'no-store',
};

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Serves the page and the images of a study, by case and name and never by path, on the loopback
 * interface.
 *
 * @param page Folder of the built page.
 * @param port 0 for any free one.
 * @throws HecktorError PORT_UNAVAILABLE
 */
export async function serveViewer(study: Study, page: string, port: number): Promise<Viewer> {
  const files = openCaseFiles(study);
  const server = createServer((request, response) => {
    answer(request, response, { page, files, info: study.info }).catch((error: unknown) => {
      const { code, message } = toHecktorError(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, code === 'CASE_UNKNOWN' ? 404 : 500, { code, message });
    });
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      reject(new HecktorError('PORT_UNAVAILABLE', { detail: `127.0.0.1:${port} (${code})` }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

interface Served {
  readonly page: string;
  readonly files: CaseFiles;
  readonly info: StudyInfo;
}

async function answer(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { page, files, info }: Served,
): Promise<void> {
  const refuse = (status: number, code: string, message: string) =>
    sendJson(response, status, { code, message } satisfies ApiError);
  // A page whose name was made to mean this machine comes with its own name (DNS rebinding).
  if (!LOOPBACK.test(headers.host ?? '')) {
    return refuse(403, 'FORBIDDEN', 'the viewer answers to 127.0.0.1 and localhost only');
  }
  if (method !== 'GET') return refuse(405, 'METHOD_NOT_ALLOWED', 'the viewer only shows');
  const file = PAGE.get(url as '/');
  if (file !== undefined) return send(response, file[1], [await readFile(join(page, file[0]))]);
  if (url === '/api/study') return sendJson(response, 200, info);
  const [, id, name] = /^\/api\/cases\/([^/]+)(?:\/([a-z0-9-]+))?$/.exec(url) ?? [];
  if (id === undefined) return refuse(404, 'NOT_FOUND', 'there is no such page');
  const one = decode(id);
  if (name === undefined) return sendJson(response, 200, await files.info(one));
  send(response, 'application/octet-stream', niftiParts(await files.image(one, name), name));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // No case has such an id either.
    return part;
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** Sends bytes as fast as the reader takes them; they are not copied. */
function send(response: ServerResponse, type: string, parts: readonly Uint8Array[]): void {
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': size });
  for (const part of parts) response.write(part);
  response.end();
}
