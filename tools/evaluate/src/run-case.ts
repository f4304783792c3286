import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCaseInput } from './case-input.ts';
import { lastWords } from './last-words.ts';
import type { CohortCase } from './read-cohort.ts';
import type { Task } from './tasks.ts';

/** Which program to run with which resources. */
export interface Program {
  readonly file: string;
  readonly resources: string;
  /** Seconds after which a case is given up; 900 when absent, the challenge's limit. */
  readonly limit?: number;
}

/** What became of one case: its answer, or why there is none. */
export type CaseResult<T> =
  | { readonly id: string; readonly answer: T; readonly seconds: number }
  | { readonly id: string; readonly failure: string; readonly seconds: number };

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
  task: Task,
  program: Program,
  read: (path: string) => Promise<T> | T,
): Promise<CaseResult<T>> {
  const begun = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  folders.add(folder);
  const seconds = () => (Date.now() - begun) / 1000;
  try {
    const [input, output] = [join(folder, 'input'), join(folder, 'output')];
    mkdirSync(input);
    mkdirSync(output);
    writeCaseInput(one, task, input);
    const failure = await runProgram(program, input, output);
    if (failure !== undefined) return { id: one.id, failure, seconds: seconds() };
    const path = join(output, task.output);
    if (!existsSync(path)) {
      return { id: one.id, failure: `wrote no ${task.output}`, seconds: seconds() };
    }
    return { id: one.id, answer: await read(path), seconds: seconds() };
  } catch (error) {
    return { id: one.id, failure: String((error as Error).message), seconds: seconds() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** The last line of stderr when the program fails; undefined when it ends well. */
function runProgram(program: Program, input: string, output: string): Promise<string | undefined> {
  const limit = program.limit ?? 900;
  const child = spawn(process.execPath, [program.file], {
    env: {
      ...process.env,
      HECKTOR_INPUT: input,
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: program.resources,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limit * 1000,
    killSignal: 'SIGKILL',
  });
  children.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-20_000)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      if (code === 0) resolve(undefined);
      else if (signal !== null) resolve(`was ended by ${signal} (limit ${limit} s)`);
      else resolve(lastWords(stderr) ?? `ended with exit code ${code}`);
    });
  });
}
