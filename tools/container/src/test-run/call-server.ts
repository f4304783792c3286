import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine/open-engine.ts';

/** An HTTP status, 0 without an answer, and how long it took to come, s. */
export interface Answer {
  readonly status: number;
  readonly seconds: number;
}

/** What a container answered that serves case after case. */
export interface Calls {
  /** The last answer to `GET /health`; seconds from the first try on. */
  readonly health: Answer;
  /** To `POST /invoke`, one for each time the case was given; none after one that failed. */
  readonly invokes: readonly Answer[];
}

interface CallServerOptions {
  /** A container in the same network. */
  readonly from: string;
  /** For the answer to a case, s. */
  readonly timeLimit: number;
  /** Called between the two cases: takes the first output away. */
  readonly between: () => Promise<void>;
  /** Whether the container has ended. */
  readonly hasEnded: () => boolean;
}

// As in the platform's starter kit.
const PORT = 4743;
const ATTEMPTS = 30;
const GAP_MS = 3000;
const HEALTH_SECONDS = 10;

const ASK = `
const [method, path, seconds] = process.argv.slice(1);
const start = performance.now();
const end = (status, took = (performance.now() - start) / 1000) => {
  console.log(JSON.stringify({ status, seconds: took }));
  process.exit();
};
const options = { host: "127.0.0.1", port: ${PORT}, method, path };
const request = require("http").request(options, ({ statusCode }) => end(statusCode));
request.on("error", () => end(0));
request.end();
setTimeout(() => end(0, Number(seconds)), seconds * 1000);
`;

/**
 * Does with a server what the platform's starter kit does: waits until it is healthy, gives it a case,
 * clears the output folder, and gives it a case once more.
 */
export async function callServer(engine: Engine, options: CallServerOptions): Promise<Calls> {
  const ask = (method: string, path: string, seconds: number) =>
    askFrom(engine, options.from, [method, path, String(seconds)]);
  const begin = performance.now();
  let status = 0;
  for (let attempt = 1; attempt <= ATTEMPTS && !options.hasEnded(); attempt++) {
    if (attempt > 1) await pause(GAP_MS);
    ({ status } = await ask('GET', '/health', HEALTH_SECONDS));
    if (status === 200) break;
  }
  const health = { status, seconds: (performance.now() - begin) / 1000 };
  const invokes: Answer[] = [];
  if (status !== 200) return { health, invokes };
  invokes.push(await ask('POST', '/invoke', options.timeLimit));
  if (invokes[0]!.status !== 201) return { health, invokes };
  await options.between();
  invokes.push(await ask('POST', '/invoke', options.timeLimit));
  return { health, invokes };
}

async function askFrom(engine: Engine, container: string, args: string[]): Promise<Answer> {
  const { code, stdout } = await engine.exec(['exec', container, 'node', '-e', ASK, ...args]);
  return code === 0 ? (JSON.parse(stdout) as Answer) : { status: 0, seconds: 0 };
}

/** Whether a server answered as the platform wants it to. */
export function isServed({ invokes }: Calls): boolean {
  return invokes.length === 2 && invokes.every(({ status }) => status === 201);
}
