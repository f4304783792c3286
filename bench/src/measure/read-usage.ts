import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface Usage {
  /** CPU time of all its threads, user and system, s. */
  readonly cpu: number;
  /** Largest resident memory, bytes. */
  readonly peak: number;
}

/** Linux tells times to user space in hundredths of a second, on every architecture. */
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
