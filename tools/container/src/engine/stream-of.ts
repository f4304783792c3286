import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExecResult } from './exec.ts';

/** A running process whose stdout is read as it comes. */
export interface Streaming {
  readonly stdout: Readable;
  /** How it ended; code 127 when there is no such command. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  kill(): void;
}

/** Starts a command without a shell for the sake of its stdout. */
export function streamOf(command: string, args: readonly string[]): Streaming {
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
  return { stdout: child.stdout, ended, kill };
}

/** Starts a command without a shell and gives it a stream to read. Its stdout is kept. */
export async function feedTo(
  command: string,
  args: readonly string[],
  source: AsyncIterable<Uint8Array>,
): Promise<ExecResult> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
  }
  const ended = new Promise<ExecResult>((resolve) => {
    child.on('error', () => resolve({ ...said, code: 127 }));
    child.on('close', (code) => resolve({ ...said, code }));
  });
  let failure: unknown;
  await pipeline(Readable.from(source), child.stdin).catch((error: unknown) => {
    failure = error;
    child.kill();
  });
  const result = await ended;
  // A command that stops reading says why itself; any other failure is the source's.
  const isBroken = (failure as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
  if (failure !== undefined && !isBroken && result.code !== 127) throw failure;
  return result;
}
