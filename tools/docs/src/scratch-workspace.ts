import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** What examples for contributors do not need, and is large. */
const LEFT_OUT = /^(docs\/(captures|images)|apps\/[^/]+\/(test|golden))\//;

/**
 * A copy of the workspace in a temporary folder, as it is in the working tree, with the packages of
 * the original: its own libraries, everybody else's `node_modules`.
 */
export function createScratchWorkspace(root: string): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const listed = git('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  for (const file of listed.split('\0')) {
    if (file === '' || LEFT_OUT.test(file) || !existsSync(join(root, file))) continue;
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const packages = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules/@hecktor'), { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name !== '@hecktor') symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  }
  for (const name of readdirSync(join(packages, '@hecktor'))) {
    const place = relative(root, realpathSync(join(packages, '@hecktor', name)));
    symlinkSync(join(folder, place), join(folder, 'node_modules/@hecktor', name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
