import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

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
    const lines = { stdout: [] as string[], stderr: [] as string[] };
    const ends = (['stdout', 'stderr'] as const).map((stream) => {
      const reader = createInterface({ input: child[stream], crlfDelay: Infinity });
      reader.on('line', (line) => {
        if (lines[stream].length === KEPT_LINES) lines[stream].shift();
        lines[stream].push(line);
        options.onLine?.(line, stream);
      });
      return new Promise<void>((done) => reader.on('close', done));
    });
    const finish = (code: number | null) =>
      void Promise.all(ends).then(() =>
        resolve({ code, stdout: lines.stdout.join('\n'), stderr: lines.stderr.join('\n') }),
      );
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') finish(127);
      else if (error.name !== 'AbortError') reject(error);
    });
    child.on('close', (code) => finish(code));
  });
}
