import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sanitise } from '../sanitise-text.ts';

export interface ExecOptions {
  cwd?: string;
  /** Variables added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Called with each line as it comes. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** What it reads. Default: nothing. */
  input?: AsyncIterable<Uint8Array> | undefined;
  /** Ends the process (SIGTERM) when aborted. */
  signal?: AbortSignal | undefined;
}

/** How a process ended. */
export interface ExecResult {
  /** Exit code; 127 when the command does not exist, null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const KEPT_LINES = 10_000;
const KEPT_CHARACTERS = 2 ** 25;

/** Runs a command without a shell and waits for its end. A non-zero exit is a result, not a throw. */
export function exec(
  command: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      signal: options.signal,
    });
    const said = { stdout: lastLines(), stderr: lastLines() };
    const ends = (['stdout', 'stderr'] as const).map((stream) =>
      eachLine(child[stream]!, (line) => {
        said[stream].push(line);
        options.onLine?.(line, stream);
      }),
    );
    const fed = options.input && feed(child, options.input);
    // Its failure is told when the command has ended.
    fed?.catch(() => undefined);
    const finish = (code: number | null) => {
      const result = () => ({ code, stdout: said.stdout.text(), stderr: said.stderr.text() });
      void Promise.all([fed, ...ends]).then(() => resolve(result()), reject);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') finish(127);
      else if (error.name !== 'AbortError') reject(error);
    });
    child.on('close', (code) => finish(code));
  });
}

/** A command that stops reading says why itself; any other failure is the source's. */
async function feed(child: ChildProcess, input: AsyncIterable<Uint8Array>) {
  try {
    await pipeline(Readable.from(input), child.stdin!);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (child.pid === undefined || ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)) return;
    child.kill();
    throw error;
  }
}

/** Keeps the end of what is said, so that a talkative program does not fill the memory. */
function lastLines() {
  let lines: string[] = [];
  let characters = 0;
  return {
    text: () => lines.slice(-KEPT_LINES).join('\n'),
    push(line: string) {
      lines.push(line);
      characters += line.length;
      if (lines.length < 2 * KEPT_LINES && characters < KEPT_CHARACTERS) return;
      lines = lines.slice(-Math.min(KEPT_LINES, Math.ceil(lines.length / 2)));
      characters = lines.reduce((sum, { length }) => sum + length, 0);
    },
  };
}

/** A longer line is cut: a program may write gigabytes without a line break. */
const LONGEST = 2 ** 18;

/**
 * Calls back with each line of a stream as it comes, cut to a length and without what would upset a
 * terminal or a report, and waits for the stream's end.
 */
export function eachLine(stream: Readable, act: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    // A return and its line feed may come apart.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!.slice(0, LONGEST);
    for (const line of lines) act(sanitise(line.slice(0, LONGEST)));
  });
  return new Promise((resolve) => {
    stream.on('close', () => {
      if (rest !== '') act(sanitise(rest.replace(/\r$/, '')));
      resolve();
    });
  });
}

/** Starts a command without a shell for the sake of its stdout. Its code is 127 if there is none. */
export function streamOf(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('error', () => resolve({ code: 127, stderr: `there is no command "${command}"` }));
    child.on('close', (code) => resolve({ code, stderr }));
  });
  const kill = () => {
    child.kill();
    // What nobody reads any more would keep this process from ending.
    child.stdout.destroy();
  };
  return { stdout: child.stdout as Readable, ended, kill };
}
