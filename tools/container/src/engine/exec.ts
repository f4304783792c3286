import { spawn } from 'node:child_process';
import { eachLine } from './each-line.ts';

/** Options of {@link exec}. */
export interface ExecOptions {
  cwd?: string;
  /** Variables added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Called with each line as it comes. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Ends the process (SIGTERM) when aborted. */
  signal?: AbortSignal;
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
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const said = { stdout: lastLines(), stderr: lastLines() };
    const ends = (['stdout', 'stderr'] as const).map((stream) =>
      eachLine(child[stream], (line) => {
        said[stream].push(line);
        options.onLine?.(line, stream);
      }),
    );
    const finish = (code: number | null) =>
      void Promise.all(ends).then(() =>
        resolve({ code, stdout: said.stdout.text(), stderr: said.stderr.text() }),
      );
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') finish(127);
      else if (error.name !== 'AbortError') reject(error);
    });
    child.on('close', (code) => finish(code));
  });
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
