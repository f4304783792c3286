import { spawn } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './scratch-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How a program ended and what it said. */
export interface ProgramRun {
  /** Exit code; null when a signal ended the program. */
  readonly code: number | null;
  readonly stderr: string;
  /** The last line of stderr, the only one the platform shows. */
  readonly lastError: string;
  /** Lines of stdout, each a JSON object. */
  readonly lines: readonly Record<string, unknown>[];
}

/** Options of {@link runProgram}. */
export interface RunProgramOptions {
  /** Variables of the environment besides PATH; nothing else is passed on. */
  env: Readonly<Record<string, string>>;
  /** Arguments of the program. */
  args?: readonly string[];
  /** Sends a signal as soon as a log line has this message, or after a time in ms. */
  kill?: { readonly at: string | number; readonly signal: NodeJS.Signals };
}

const copies = new Map<string, string>();

/** Path of an app's program in a copy of its bundle, so that a build meanwhile does not pull it away. */
export function programOf(task: string): string {
  const known = copies.get(task);
  if (known !== undefined) return known;
  const bundle = join(ROOT, 'dist/apps', task);
  if (!existsSync(join(bundle, 'main.mjs'))) {
    throw new Error(`${bundle} holds no program: run \`nx run ${task}:build\` first`);
  }
  const copy = scratchFolder(`${task}-`);
  cpSync(bundle, copy, { recursive: true });
  copies.set(task, join(copy, 'main.mjs'));
  return join(copy, 'main.mjs');
}

/** Runs the bundled program of an app, as its container does, to its end. */
export async function runProgram(task: string, options: RunProgramOptions): Promise<ProgramRun> {
  const child = spawn(process.execPath, [programOf(task), ...(options.args ?? [])], {
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let { kill } = options;
  const { at, signal } = kill ?? {};
  const timer = typeof at === 'number' ? setTimeout(() => child.kill(signal), at) : undefined;
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (kill !== undefined && stdout.includes(`"msg":"${kill.at}"`)) {
      child.kill(kill.signal);
      kill = undefined;
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(timer);
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stderr, lastError: stderr.trimEnd().split('\n').at(-1) ?? '', lines };
}
