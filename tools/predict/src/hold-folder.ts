import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { outputError } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { isRunning, makeFolder } from '@hecktor/files';

/** Longer than it takes a process to write a line or to remove a file that it has just read, ms. */
const MOMENT = 50;

/**
 * Keeps other runs out of a folder, which is made, until the function it returns is called. What a
 * killed run left does not count.
 *
 * @throws HecktorError FOLDER_IN_USE; OUTPUT_WRITE_FAILED where nothing can be written.
 */
export async function holdFolder(folder: string): Promise<() => void> {
  const lock = join(folder, '.lock');
  const mine = describeProcess(process.pid);
  while (!make(lock, folder, mine)) await removeLeftover(lock);
  // Two that found the same leftover may both have removed what they found: the last one stays.
  await setTimeout(MOMENT);
  const now = read(lock);
  if (now !== mine) throw inUse(lock, now);
  return () => {
    if (read(lock) === mine) rmSync(lock, { force: true });
  };
}

/** Makes the lock; false when it is there. */
function make(lock: string, folder: string, text: string): boolean {
  try {
    makeFolder(folder);
    writeFileSync(lock, text, { flag: 'wx' });
    return true;
  } catch (origin) {
    const { code } = origin as NodeJS.ErrnoException;
    if (code === 'EEXIST' && read(lock) !== undefined) return false;
    throw outputError(folder, origin);
  }
}

async function removeLeftover(lock: string): Promise<void> {
  let found = read(lock);
  if (found === '') {
    await setTimeout(MOMENT);
    found = read(lock);
  }
  if (found === undefined) return;
  const [pid, , host] = found.split(' ');
  const isElsewhere = host !== undefined && host !== hostname();
  if (isElsewhere || found === describeProcess(Number(pid))) throw inUse(lock, found);
  if (read(lock) === found) rmSync(lock, { force: true });
}

function inUse(file: string, text = ''): HecktorError {
  const [pid, , host] = text.split(' ');
  const fix = `wait for it, stop it or name another --out; if there is no such process, remove ${file}`;
  return new HecktorError('FOLDER_IN_USE', { file, detail: `process ${pid} on ${host}`, fix });
}

/** A process by its id, when it began, where the system tells, and its machine. */
function describeProcess(pid: number): string {
  // What stands in brackets may hold anything; the start is the 20th field behind it.
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return `${pid} ${fields?.[19] ?? (isRunning(pid) ? 'running' : 'gone')} ${hostname()}`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
