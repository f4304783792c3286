import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs Nx as a person does at the root of a workspace, with plain output.
 *
 * @param workspace - Default: this one.
 * @returns What it wrote.
 * @throws Error with that when it fails.
 */
export async function nx(args: readonly string[], workspace = ROOT): Promise<string> {
  const bin = join(ROOT, 'node_modules/nx/dist/bin/nx.js');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [bin, ...args], {
    cwd: workspace,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', CI: '', FORCE_COLOR: '0' },
    maxBuffer: 2 ** 26,
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`nx ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`);
  });
  return stdout + stderr;
}
