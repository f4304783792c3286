import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of an app that serves case after case, as its container does in the invoke form. */
export interface ServedProgram {
  /**
   * Does what the platform does for a case: puts it into the input folder, clears the output folder
   * and asks.
   *
   * @param hangUpAt - A log message at which the answer is not waited for any more.
   * @returns The HTTP status, and the digest of each output by its path.
   */
  invoke(
    folder: string,
    hangUpAt?: string,
  ): Promise<{ status: number; outputs: Readonly<Record<string, string>> }>;
  /** Resident memory of the process, bytes. */
  resident(): number;
  /** Its log so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** All of stderr so far. */
  stderr(): string;
  /** Ends it as the platform does; gives its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the server and waits until it is ready.
 *
 * @param program - Path of main.mjs.
 * @param work - Folder for input and output.
 */
export async function serveProgram(
  program: string,
  work: string,
  env: Readonly<Record<string, string>>,
): Promise<ServedProgram> {
  const [input, output] = [join(work, 'served-input'), join(work, 'served-output')];
  for (const folder of [input, output]) mkdirSync(folder, { recursive: true });
  const server = { HECKTOR_API: 'invoke', HECKTOR_PORT: '0' };
  const folders = { HECKTOR_INPUT: input, HECKTOR_OUTPUT: output };
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ...folders, ...server, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const lines: Record<string, unknown>[] = [];
  let onLine: (line: Record<string, unknown>) => void = () => undefined;
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const port = await new Promise<unknown>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      onLine(line);
      if (line['msg'] === 'ready') resolve(line['port']);
    });
    void closed.then(() => reject(new Error(stderr)));
  });
  return {
    lines,
    stderr: () => stderr,
    async invoke(folder, hangUpAt) {
      const client = new AbortController();
      onLine = ({ msg }) => msg === hangUpAt && client.abort();
      for (const place of [input, output]) {
        for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true });
      }
      cpSync(folder, input, { recursive: true });
      const url = `http://127.0.0.1:${String(port)}/invoke`;
      const { status } = await fetch(url, { method: 'POST', signal: client.signal });
      return { status, outputs: digestsIn(output) };
    },
    resident() {
      const status = readFileSync(`/proc/${child.pid!}/status`, 'utf8');
      return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await closed) as [number | null];
      return code;
    },
  };
}

/** sha256 of each file below a folder. */
export function digestsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [path.slice(folder.length + 1), digest];
    }),
  );
}
