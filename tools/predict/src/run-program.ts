import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { CATALOGUE } from '@hecktor/errors';
import type { CaseFile } from '@hecktor/cohort';
import { launch, type Program } from './program.ts';

export type CaseError = NonNullable<CaseFile['error']>;

/** Seconds that a program which ends by itself gets for its last words. */
const GRACE_S = 30;

/**
 * Runs a program on one case to its end. Returns why it failed.
 *
 * @param folders.log Where its log lines go.
 * @throws The reason of `signal`, which kills it.
 */
export async function runProgram(
  program: Program,
  folders: { readonly input: string; readonly output: string; readonly log: string },
  signal?: AbortSignal,
): Promise<CaseError | undefined> {
  signal?.throwIfAborted();
  const { command, args, env } = launch(program, folders);
  const log = openSync(folders.log, 'w');
  const limitS = program.timeLimitS + GRACE_S;
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', log, 'pipe'],
    timeout: limitS * 1000,
    killSignal: 'SIGKILL',
  });
  closeSync(log);
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  let stderr = '';
  child.stderr!.on(
    'data',
    (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-20_000)),
  );
  try {
    const [code, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal?.throwIfAborted();
    if (code === 0) return undefined;
    if (ended !== null) return endedBy(ended, child.killed, limitS);
    const message = lastWords(stderr) ?? `the program ended with exit code ${code}`;
    return { code: codeOf(message), message: message.replaceAll(`${env['HECKTOR_INPUT']}/`, '') };
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function endedBy(signal: NodeJS.Signals, byUs: boolean, limitS: number): CaseError {
  if (byUs) return { code: 'TIMEOUT', message: `the program was still there after ${limitS} s` };
  // The kernel says no more when memory runs out.
  const code = signal === 'SIGKILL' ? 'OUT_OF_MEMORY' : 'PROGRAM_CRASHED';
  return { code, message: `the program was ended by ${signal}` };
}

function codeOf(message: string): string {
  const [word = ''] = /^[A-Z_]+(?=[ .])/.exec(message) ?? [];
  return Object.hasOwn(CATALOGUE, word) ? word : 'INTERNAL';
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
