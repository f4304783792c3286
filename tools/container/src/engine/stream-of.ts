import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

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
  return { stdout: child.stdout, ended, kill: () => void child.kill() };
}
