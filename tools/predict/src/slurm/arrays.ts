import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CohortCase } from '@hecktor/cohort';
import type { Job } from '../predict-case.ts';
import { isActive, maxArraySize, submitArray, type QueuedElement } from './queue.ts';

/** What the elements of an array read: element i runs `cases[i]`. */
interface ArrayFile {
  readonly job: Job;
  readonly cases: readonly CohortCase[];
}

/** An element of an array that waits or runs, or has just ended. */
export interface Element {
  readonly one: CohortCase;
  readonly job: string;
  readonly index: number;
}

/** What the challenge's platform gives a case. */
const MEMORY_MIB = 16_384;
/** For the start, and the last words, of a case. */
const MARGIN_S = 120;

/** The arrays of a folder of predictions have names of their own, by which the queue knows them. */
function namesOf({ task, out }: Job): string {
  const place = createHash('sha256').update(resolve(out)).digest('hex').slice(0, 8);
  return `hecktor-${task.name}-${place}-`;
}

/**
 * The elements in the queue that this folder of predictions waits for already: those that a run
 * submitted which then ended before they did. `stale` are jobs of another program, recipe or weights.
 */
export function adopt(
  job: Job,
  queue: readonly QueuedElement[],
): { readonly elements: readonly Element[]; readonly stale: readonly string[] } {
  const name = namesOf(job);
  const ours = queue.filter((queued) => queued.name.startsWith(name) && isActive(queued));
  const files = new Map<string, ArrayFile | undefined>();
  const elements: Element[] = [];
  const stale = new Set<string>();
  for (const { job: id, index, name: full } of ours) {
    if (!files.has(full)) files.set(full, readArray(arrayFile(job.out, full.slice(name.length))));
    const array = files.get(full);
    const one = array?.cases[index];
    if (array?.job.run.digest === job.run.digest && one !== undefined) {
      elements.push({ one, job: id, index });
    } else {
      stale.add(id);
    }
  }
  return { elements, stale: [...stale] };
}

/** Submits the first of `cases`, as many as one array may hold here. */
export async function submit(
  job: Job,
  cases: readonly CohortCase[],
  atOnce: number | undefined,
): Promise<readonly Element[]> {
  const part = cases.slice(0, await maxArraySize());
  const stamp = Date.now().toString(36);
  const file = arrayFile(job.out, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ job, cases: part } satisfies ArrayFile));
  const id = await submitArray({
    ...{ name: `${namesOf(job)}${stamp}`, count: part.length, atOnce },
    log: resolve(dirname(file), '%a.log'),
    script: script(job, file),
  });
  return part.map((one, index) => ({ one, job: id, index }));
}

/** Settings in a script give way to Slurm's variables, such as SBATCH_MEM_PER_NODE. */
function script({ program: { threads, timeLimitS } }: Job, file: string): string {
  const isLimited = timeLimitS < 86_400;
  const settings = [
    `--cpus-per-task=${threads}`,
    `--mem=${MEMORY_MIB}M`,
    ...(isLimited ? [`--time=${Math.ceil((timeLimitS + MARGIN_S) / 60)}`] : []),
  ];
  const command = [process.execPath, elementProgram(), '--element', resolve(file)];
  return [
    '#!/bin/sh',
    ...settings.map((setting) => `#SBATCH ${setting}`),
    `exec ${command.map(quoted).join(' ')}`,
    '',
  ].join('\n');
}

/** Elements outlive the run that submits them, whose own bundle is temporary. */
function elementProgram(): string {
  const bundle = readFileSync(fileURLToPath(import.meta.url));
  const digest = createHash('sha256').update(bundle).digest('hex').slice(0, 16);
  // Below the workspace, where packages are found.
  const file = resolve('dist/predict', `element-${digest}.mjs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bundle);
  return file;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function arrayFile(out: string, stamp: string): string {
  return join(out, 'slurm', stamp, 'array.json');
}

/** Removes what elements have read, clinical records among it; their logs stay. */
export function forgetArrays(out: string): void {
  const folder = join(out, 'slurm');
  if (!existsSync(folder)) return;
  for (const stamp of readdirSync(folder)) rmSync(arrayFile(out, stamp), { force: true });
}

/** Undefined where there is none any more. */
export function readArray(file: string): ArrayFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ArrayFile;
  } catch {
    return undefined;
  }
}
