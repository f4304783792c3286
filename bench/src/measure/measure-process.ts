import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type Line = Readonly<Record<string, unknown>>;

/** What a process has used so far. */
export interface Usage {
  /** CPU time of all its threads, user and system, s. */
  readonly cpu: number;
  /** Largest resident memory, bytes. */
  readonly peak: number;
}

/** What a run of a program took, seen from outside. */
export interface Measurement extends Usage {
  /** From the start of the process to its end, s. */
  readonly wall: number;
  /** Its lines of JSON with the time of arrival since the start, s. */
  readonly lines: readonly { readonly at: number; readonly line: Line }[];
}

export interface MeasureOptions {
  /** Ends the run when a line fits: for start-up times. */
  readonly until?: (line: Line) => boolean;
}

/** Memory and CPU time are read this often, ms. Peaks only grow, so that few reads are enough. */
const INTERVAL = 10;
const TAIL = 2000;

/**
 * Runs a program and measures it from outside, the same way whatever it is written in: VmHWM and
 * CPU time from /proc. Lines that are no JSON are passed over.
 *
 * @throws Error with the end of its output when the program fails.
 */
export async function measureProcess(
  program: Program,
  options: MeasureOptions = {},
): Promise<Measurement> {
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1000;
  const child = spawn(program.command, program.args, {
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let usage: Usage = { cpu: 0, peak: 0 };
  const look = (): void => {
    usage = (child.pid === undefined ? undefined : readUsage(child.pid)) ?? usage;
  };
  const timer = setInterval(look, INTERVAL);
  let [tail, wall, ended] = ['', 0, false];
  const keepTail = (text: string): void => {
    tail = `${tail}${text}`.slice(-TAIL);
  };
  const lines: { at: number; line: Line }[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    look();
    keepTail(`${text}\n`);
    const line = parse(text);
    if (line === undefined) return;
    lines.push({ at: since(), line });
    if (options.until?.(line) === true) ended = child.kill('SIGKILL') || ended;
  });
  child.stderr.on('data', (chunk: Buffer) => keepTail(chunk.toString()));
  child.on('exit', () => {
    wall = since();
  });
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code !== 0 && !ended) {
      throw new Error(`${program.command} ended with ${code ?? signal}:\n${tail.trim()}`);
    }
    return { wall, ...usage, lines };
  } finally {
    clearInterval(timer);
    reader.close();
  }
}

function parse(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** Linux reports times to user space in hundredths of a second, on every architecture. */
const TICKS_PER_SECOND = 100;

/** Reads what a running process has used, from /proc; undefined when it has ended. */
export function readUsage(pid: number, root = '/proc'): Usage | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`${root}/${pid}/status`, 'utf8'))?.[1];
    if (peak === undefined) return undefined;
    // The second field is the program's name in brackets, which may hold blanks and brackets.
    const stat = readFileSync(`${root}/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpu: ticks / TICKS_PER_SECOND, peak: 1024 * Number(peak) };
  } catch {
    return undefined;
  }
}
