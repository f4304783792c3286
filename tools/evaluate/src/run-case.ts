import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { clinicalRecord, isTrainingImage, type CohortCase } from '@hecktor/cohort';
import type { ScoredTask } from './tasks.ts';

export interface Program {
  readonly file: string;
  readonly resources: string;
  /** Seconds after which a case is given up. */
  readonly limit: number;
  /** Variables of its environment besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What became of one case: its answer, or why there is none. */
export type CaseResult<T = unknown> = { readonly id: string; readonly seconds: number } & (
  { readonly answer: T } | { readonly failure: string }
);

const folders = new Set<string>();
const children = new Set<ChildProcess>();

/** Ends the programs that run and removes their folders, which hold what is a patient's. */
export function abandonCases(): void {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Runs the program on one patient in a folder of its own and reads its answer. Never throws. */
export async function runCase<T>(
  one: CohortCase,
  task: ScoredTask,
  program: Program,
  read: (path: string) => Promise<T> | T,
): Promise<CaseResult<T>> {
  const begun = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  folders.add(folder);
  const ended = (): { id: string; seconds: number } => {
    return { id: one.id, seconds: (Date.now() - begun) / 1000 };
  };
  try {
    const [input, output] = [join(folder, 'input'), join(folder, 'output')];
    mkdirSync(input);
    mkdirSync(output);
    writeCaseInput(one, task, input);
    await runProgram(program, input, output);
    const path = join(output, task.output.path);
    if (!existsSync(path)) throw new Error(`wrote no ${task.output.path}`);
    return { answer: await read(path), ...ended() };
  } catch (error) {
    return { failure: String((error as Error).message), ...ended() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** @throws Error with the last line of stderr when the program fails. */
async function runProgram(program: Program, input: string, output: string): Promise<void> {
  const { file, resources, limit } = program;
  const places = { HECKTOR_INPUT: input, HECKTOR_OUTPUT: output, HECKTOR_RESOURCES: resources };
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...program.env, ...places },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limit * 1000,
    killSignal: 'SIGKILL',
  });
  children.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-20_000)));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  children.delete(child);
  if (signal !== null) throw new Error(`was ended by ${signal} (limit ${limit} s)`);
  if (code !== 0) throw new Error(lastWords(stderr) ?? `ended with exit code ${code}`);
}

/** Reads an answer in JSON. */
export function readAnswer<T>(path: string, what: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error(`${basename(path)} is not JSON`);
  }
  if (is(value)) return value;
  throw new Error(`${basename(path)} holds no ${what}`);
}

/** Lays out one patient as the platform does: image folders and ehr.json without the truth. */
function writeCaseInput(one: CohortCase, task: ScoredTask, folder: string): void {
  for (const { name, path } of task.inputs.filter(isTrainingImage)) {
    const image = one.images[name];
    if (image === undefined) continue;
    mkdirSync(join(folder, path), { recursive: true });
    // Not a link: the program rightly refuses one that leads out of its input folder.
    copyFileSync(image, join(folder, path, basename(image)));
  }
  const records = task.inputs.filter(({ kind }) => kind === 'clinical-record');
  const text =
    one.record === undefined
      ? JSON.stringify(clinicalRecord(one.row, task.hiddenColumns))
      : readFileSync(one.record);
  for (const { path } of records) writeFileSync(join(folder, path), text);
}

/**
 * The line in which a program says why it failed: the last one, or of a crash of Node.js the error
 * above its stack. Undefined when it said nothing.
 */
export function lastWords(stderr: string): string | undefined {
  const trace = /^\s+at |^Node\.js v\d|^\s*$/;
  return stderr
    .split('\n')
    .findLast((line) => !trace.test(line))
    ?.trim();
}
